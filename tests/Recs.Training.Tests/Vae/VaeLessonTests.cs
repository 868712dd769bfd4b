using Recs.Training.Neural;
using Recs.Training.Snapshots;
using Recs.Training.Vae;

namespace Recs.Training.Tests.Vae;

public class VaeLessonTests
{
    private static readonly InteractionSet Data = GeneratedData.Interactions();
    private static readonly Histories People = Histories.Of(Data);

    [Fact]
    public void What_comes_next_is_told_apart_from_the_movies_not_seen_until_then()
    {
        HistoryCut[] cuts = [new(4, 3), new(2, 1), new(4, 5)];
        var seen = Lesson().Seen(cuts).ShouldNotBeNull();
        for (var row = 0; row < cuts.Length; row++)
            seen.Movies[seen.From[row]..seen.To[row]].ShouldBe(People.Of(cuts[row].User)[..cuts[row].Length].ToArray());
    }

    [Fact]
    public void A_network_that_says_again_what_it_read_is_asked_about_all() => Lesson(("next", "0")).Seen([new(4, 3)]).ShouldBeNull();

    private static VaeLesson Lesson(params (string, string)[] options)
        => new(Data, People, new KeptBack(People, [.. Enumerable.Range(0, People.Users)]), Fitted.QuickOptions(new VaeRecommender(), options), seed: 1);
}
