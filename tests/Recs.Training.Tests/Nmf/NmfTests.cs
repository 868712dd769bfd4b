using Recs.Training.Fitting;
using Recs.Training.Snapshots;
using Recs.Training.Tests.RatingFactors;

namespace Recs.Training.Tests.Nmf;

public class NmfTests
{
    [Fact]
    public void Nothing_that_is_learned_is_negative_and_the_loss_never_grows_without_a_penalty()
    {
        var (learned, losses) = (new Learned(), new List<double>());
        var progress = new Listener(p =>
        {
            if (p.Loss is { } loss)
                losses.Add(loss);
        });
        using var fitted = Fitted.Of(
            "nmf", PlantedRatings.Data(), new FitRun { Progress = progress, Checkpoint = learned }, ("factors", "4"), ("iterations", "30"), ("regularization", "0.0001"));
        learned.State.Count.ShouldBe(2);
        learned.State.ShouldAllBe(side => side.All(factor => factor >= 0));
        losses.Zip(losses.Skip(1)).ShouldAllBe(pair => pair.Second <= pair.First + 1e-4);
    }

    [Fact]
    public void Ratings_of_one_kind_of_movie_are_found_again()
    {
        var builder = new InteractionSetBuilder();
        for (var user = 0; user < 20; user++)
            for (var movie = 0; movie < 12; movie++)
                if ((user + movie) % 3 != 0)
                    builder.Add($"u{user:00}", $"m{movie:00}", (byte)((1 + (user % 2)) * (1 + (movie % 4))), 0); // a product of two numbers
        var data = builder.Build();
        var people = Histories.Of(data);
        using var fitted = Fitted.Of("nmf", data, ("factors", "1"), ("iterations", "40"), ("regularization", "0.0001"), ("ranking-shrinkage", "0"));
        var scores = new float[12];
        for (var user = 0; user < 20; user++)
        {
            fitted.Scorer.Score(new(people.Of(user), people.HalfStarsOf(user)), scores);
            for (var movie = 0; movie < 12; movie++)
                ((double)scores[movie]).ShouldBe((1 + (int.Parse(data.Users[user].AsSpan(1)) % 2)) * (1 + (movie % 4)) / 2.0, 0.02);
        }
    }

    private sealed class Learned : IFitCheckpoint
    {
        public IReadOnlyList<float[]> State { get; private set; } = [];
        public KeptFit? Load() => null;
        public void Offer(int iterations, IReadOnlyList<float[]> state) => State = state;
    }

    private sealed class Listener(Action<FitProgress> hear) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => hear(value);
    }
}
