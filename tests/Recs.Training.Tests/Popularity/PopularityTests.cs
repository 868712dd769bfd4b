using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Popularity;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Popularity;

public class PopularityTests
{
    [Fact]
    public void A_movie_s_score_is_the_number_of_people_who_saw_it()
    {
        var builder = new InteractionSetBuilder();
        builder.Add("a", "x", 8, 1);
        builder.Add("a", "x", 0, 2); // the same person again
        builder.Add("b", "x", 2, 3);
        builder.Add("b", "y", 9, 4);
        using var folder = new TemporaryFolder();
        var recommender = new PopularityRecommender();
        using var artifact = recommender.Fit(builder.Build(), OptionValues.Parse([]), 1, new());
        var store = new ArtifactStore(folder.Path);
        using var scorer = recommender.Open(store.Open(store.Put(artifact).ContentHash));

        var scores = new float[2];
        scorer.Score(new([1]), scores);
        scores.ShouldBe([2f, 1f]);
        scorer.Movies.Ids.ShouldBe(["x", "y"]);
        scorer.Personalizes(new([1])).ShouldBeFalse();
    }
}
