using Recs.Training.Fitting;
using Recs.Training.RatingFactors;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.RatingFactors;

public class StepPenaltiesTests
{
    [Fact]
    public void The_steps_of_a_walk_hold_a_row_back_as_its_ratings_and_those_added_do()
    {
        var builder = new InteractionSetBuilder();
        builder.Add("a", "x", 8, 0);
        builder.Add("a", "y", 6, 0);
        builder.Add("b", "x", 4, 0);
        builder.Add("only watches", "z", 0, 0);
        var data = builder.Build();
        var options = OptionValues.Parse(StepPenalties.Options(people: 0.1, movies: 0.2, shrinkage: 3, biases: 0.5));
        var penalties = StepPenalties.Of(options, RatingTable.Of(Histories.Of(data), data.Movies.Count));
        penalties.People[..2].ShouldBe([0.1f * (2 + 3) / 2, 0.1f * (1 + 3)], 1e-6);
        penalties.Movies[..2].ShouldBe([0.2f * (2 + 3) / 2, 0.2f * (1 + 3)], 1e-6);
        penalties.People.Concat(penalties.Movies).ShouldAllBe(penalty => float.IsFinite(penalty));
        penalties.Biases.ShouldBe(0.5f);
    }
}
