using Recs.Training.Fitting;
using Recs.Training.People;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.People;

/// <summary>What holds for both models that make a person's numbers of cut histories.</summary>
public class TowerModelTests
{
    private const int Around = 12;
    private static readonly InteractionSet Data = GeneratedData.WithDemographics(GeneratedData.Interactions(watches: true, genres: true));

    public static TheoryData<string> Models => ["two-tower", "neural-cf"];

    [Theory]
    [MemberData(nameof(Models))]
    public void It_learns_which_movie_follows_which(string model)
    {
        var builder = new InteractionSetBuilder();
        for (var person = 0; person < 60; person++)
            for (var step = 0; step < 7; step++)
                builder.Add($"u{person}", $"m{(person + step) % Around:00}", 8, step);
        using var fitted = Fitted.Of(model, builder.Build(), ("epochs", "40"), ("rate", "0.02"), ("drop-hidden", "0"));
        for (var movie = 0; movie < Around; movie++)
            Scores(fitted, new([(movie + Around - 1) % Around, movie])).Index().MaxBy(s => s.Item).Index.ShouldBe((movie + 1) % Around);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_order_of_a_history_and_who_the_person_is_shape_the_scores(string model)
    {
        using var fitted = Fitted.Of(model, Data);
        var scores = Scores(fitted, new([1, 2, 3]));
        Scores(fitted, new([3, 2, 1])).ShouldNotBe(scores);
        Scores(fitted, new([1, 2, 3], default, new("F", 25, "7"))).ShouldNotBe(scores);
        Scores(fitted, new([1, 2, 3], default, new("nobody has this gender", null, null))).ShouldBe(scores);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void What_a_movie_brought_is_what_the_score_lacks_without_it(string model)
    {
        using var fitted = Fitted.Of(model, GeneratedData.Interactions(movies: 70));
        int[] history = [.. Enumerable.Range(0, 60)];
        var whole = Scores(fitted, new(history));
        var shares = new float[history.Length];
        fitted.Scorer.Explain(new(history), 65, shares).ShouldBeTrue();
        for (var place = history.Length - TowerReader.MostExplained; place < history.Length; place++)
            shares[place].ShouldBe(whole[65] - Scores(fitted, new([.. history.Where((_, i) => i != place)]))[65], 1e-5f);
        shares[..^TowerReader.MostExplained].ShouldAllBe(share => share == 0);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_fit_that_goes_on_from_a_checkpoint_gives_the_same_bytes(string model)
    {
        using var whole = Fitted.Of(model, Data, ("epochs", "4"));
        var kept = new KeptAfterTwo();
        Should.Throw<OperationCanceledException>(() => Fitted.Of(model, Data, new FitRun { Checkpoint = kept }, ("epochs", "4")));
        kept.Stop = false;
        using var resumed = Fitted.Of(model, Data, new FitRun { Checkpoint = kept }, ("epochs", "4"));
        resumed.ContentHash.ShouldBe(whole.ContentHash);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Loss_and_validation_are_told_as_it_learns(string model)
    {
        var told = new List<FitProgress>();
        using var fitted = Fitted.Of(model, Data, new FitRun(Threads: 1, Progress: new Listener(told.Add)), ("epochs", "3"));
        told[^1].Loss.ShouldNotBeNull();
        told[^1].Validation.ShouldNotBeNull().ShouldBeInRange(0, 1);
        told.Where(p => p.Loss is not null).Select(p => p.Loss).Distinct().Count().ShouldBeGreaterThan(3);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Steps_that_are_far_too_large_are_told_as_divergence_and_not_stored(string model)
        => Should.Throw<DivergedException>(() => Fitted.Of(model, Data, ("rate", "1"), ("epochs", "500"), ("decay", "10"), ("cuts", "1")));

    [Theory]
    [MemberData(nameof(Models))]
    public void A_data_set_in_which_nobody_saw_two_movies_is_answered_by_popularity_or_by_the_numbers_that_it_began_with(string model)
    {
        var builder = new InteractionSetBuilder();
        builder.Add("a", "x", 8, 0);
        builder.Add("b", "y", 8, 1);
        builder.Add("c", "y", 8, 2);
        using var fitted = Fitted.Of(model, builder.Build());
        Scores(fitted, new([])).ShouldBe([1, 2]);
        Scores(fitted, new([0])).ShouldAllBe(score => float.IsFinite(score));
    }

    private static float[] Scores(Fitted fitted, in UserState user)
    {
        var scores = new float[fitted.Scorer.Movies.Count];
        fitted.Scorer.Score(user, scores);
        return scores;
    }

    private sealed class Listener(Action<FitProgress> hear) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => hear(value);
    }

    private sealed class KeptAfterTwo : IFitCheckpoint
    {
        private KeptFit? _kept;
        public bool Stop { get; set; } = true;
        public KeptFit? Load() => _kept;

        public void Offer(int iterations, IReadOnlyList<float[]> state)
        {
            _kept = new(iterations, [.. state.Select(a => a.ToArray())]);
            if (Stop && iterations == 2)
                throw new OperationCanceledException();
        }
    }
}
