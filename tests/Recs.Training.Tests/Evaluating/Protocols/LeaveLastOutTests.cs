using Recs.Training.Evaluating.Protocols;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Evaluating.Protocols;

public class LeaveLastOutTests
{
    [Fact]
    public void Every_user_s_last_movie_is_held_out_with_all_its_ratings()
    {
        var builder = new InteractionSetBuilder();
        builder.Add("a", "x", 1, 1);
        builder.Add("a", "y", 2, 2);
        builder.Add("a", "x", 3, 3);
        builder.Add("b", "z", 4, 4);
        var split = new LeaveLastOut().Cut(builder.Build(), 1).Single();
        split.People.Select(p => p.Targets.Single()).ShouldBe([0, 2]);
        split.People[0].TargetHalfStars.ShouldBe([3]);
        split.People[0].Given.ShouldBe([1]);
        split.People[0].GivenHalfStars.ShouldBe([2]);
        split.People[1].Given.ShouldBeEmpty();
        split.Train.Count.ShouldBe(1);
        split.Train.Movies.Ids.ShouldBe(["x", "y", "z"]); // every movie of the data set is ranked
    }

    [Fact]
    public void Hyper_parameters_are_chosen_on_the_second_last_movie()
    {
        var data = GeneratedData.Interactions();
        var histories = Histories.Of(data);
        var tuning = ((IProtocol)new LeaveLastOut()).CutForTuning(data, 1);
        foreach (var person in tuning.People)
        {
            person.Targets.ShouldBe([histories.Of(person.User)[^2]]);
            person.Given.ShouldNotContain(histories.Of(person.User)[^1]);
        }
    }
}
