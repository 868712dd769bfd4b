using Recs.Training.Fitting;
using Recs.Training.Snapshots;
using Recs.Training.Tests.RatingFactors;

namespace Recs.Training.Tests.Svd;

public class SvdTests
{
    [Fact]
    public void Folding_a_person_in_gives_what_the_fit_itself_gave_them()
    {
        var data = PlantedRatings.Data();
        var people = Histories.Of(data);
        var last = new LastState();
        using var fitted = Fitted.Of(
            "svd", data, new FitRun { Checkpoint = last }, ("factors", "3"), ("iterations", "600"), ("rate", "0.02"), ("rate-decay", "0.99"),
            ("regularization", "0.05"), ("movie-regularization", "0.05"), ("fold-in-regularization", "0.05"), ("shrinkage", "4"), ("bias-regularization", "0.02"), ("ranking-shrinkage", "0"));
        float[] p = last.State[0], q = last.State[1], userBias = last.State[2], movieBias = last.State[3];
        var mean = data.HalfStars.ToArray().Average(h => h / 2.0);
        var scores = new float[data.Movies.Count];
        for (var user = 0; user < data.Users.Count; user++)
        {
            fitted.Scorer.Score(new(people.Of(user), people.HalfStarsOf(user)), scores);
            for (var movie = 0; movie < scores.Length; movie++)
            {
                var trained = mean + userBias[user] + movieBias[movie] + Enumerable.Range(0, 16).Sum(j => (double)p[(user * 16) + j] * q[(movie * 16) + j]);
                ((double)scores[movie]).ShouldBe(trained, 0.02);
            }
        }
    }

    [Fact]
    public void A_movie_that_was_only_watched_changes_nothing()
    {
        using var fitted = Fitted.Of("svd", PlantedRatings.Data());
        fitted.Scorer.Personalizes(new([1, 2])).ShouldBeFalse();
        float[] rated = new float[PlantedRatings.Movies], both = new float[PlantedRatings.Movies];
        fitted.Scorer.Score(new([1, 2], (byte[])[9, 3]), rated);
        fitted.Scorer.Score(new([1, 5, 2], (byte[])[9, 0, 3]), both);
        both.ShouldBe(rated);
    }

    private sealed class LastState : IFitCheckpoint
    {
        public IReadOnlyList<float[]> State { get; private set; } = [];
        public KeptFit? Load() => null;
        public void Offer(int iterations, IReadOnlyList<float[]> state) => State = state;
    }
}
