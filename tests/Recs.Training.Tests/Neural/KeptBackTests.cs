using Recs.Training.Neural;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Neural;

public class KeptBackTests
{
    private static readonly InteractionSet Data = GeneratedData.WithDemographics(GeneratedData.Interactions(users: 64));
    private static readonly Histories People = Histories.Of(Data);
    private static readonly int[] Everybody = [.. Enumerable.Range(0, People.Users)];

    [Fact]
    public void A_network_that_reads_who_people_are_is_judged_with_it()
    {
        var told = new List<Demographics>();
        new KeptBack(People, Everybody, Data.Demographics).Judge(Data.Movies.Count, Score);
        told.ShouldBe([Data.Demographics[31], Data.Demographics[63]]); // one of 32 people
        new KeptBack(People, Everybody).Judge(Data.Movies.Count, Score);
        told[2..].ShouldBe([default, default]);

        void Score(in UserState user, Span<float> scores) => told.Add(user.Demographics);
    }
}
