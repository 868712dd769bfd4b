using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Fitting;

/// <summary>What holds for every kind of model.</summary>
public class RecommenderTests
{
    private static readonly InteractionSet Small = GeneratedData.WithDemographics(GeneratedData.Interactions(watches: true, genres: true));

    public static TheoryData<string> Models => [.. Recommenders.All.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Instruction_set_and_threads_do_not_change_a_byte_of_the_artifact(string model)
    {
        var data = GeneratedData.WithDemographics(GeneratedData.Interactions(users: 40, movies: 300, perUser: 60, watches: true, genres: true));
        var hashes = InstructionSets.Supported.SelectMany(isa => new[] { 1, 2 }.Select(threads => Hash(model, data, new(threads, isa)))).ToList();
        hashes.ShouldAllBe(hash => hash == hashes[0]);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_cancelled_fit_stops(string model)
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Should.Throw<OperationCanceledException>(() => Hash(model, Small, new(Cancel: cancelled.Token)));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Progress_only_grows_and_ends_at_one(string model)
    {
        var seen = new List<double>();
        Hash(model, Small, new(Threads: 1, Progress: new Listener(p => seen.Add(p.Fraction))));
        seen.ShouldBe(seen.Order());
        seen[^1].ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void An_empty_snapshot_is_refused(string model)
        => Should.Throw<InvalidDataException>(() => Hash(model, new InteractionSetBuilder().Build(), new())).Message.ShouldContain("empty");

    [Theory]
    [MemberData(nameof(Models))]
    public void Scoring_and_explaining_allocate_nothing(string model)
    {
        using var fitted = Fitted.Of(model, Small);
        int[] history = [3, 1, 4, 15, 9, 2, 6, 5];
        var (scores, shares) = (new float[Small.Movies.Count], new float[history.Length]);
        Answer();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Answer();
        GC.GetAllocatedBytesForCurrentThread().ShouldBe(before);

        void Answer()
        {
            fitted.Scorer.Personalizes(new(history));
            fitted.Scorer.Score(new([], [], new("F", 25, null)), scores);
            fitted.Scorer.Score(new(history), scores);
            fitted.Scorer.Explain(new(history), 7, shares);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Nobody_s_history_carries_the_answer_to_a_person_of_whom_nothing_is_known(string model)
    {
        using var fitted = Fitted.Of(model, Small);
        fitted.Scorer.Personalizes(new([])).ShouldBeFalse();
        fitted.Scorer.Explain(new([]), 0, []).ShouldBeFalse();
        fitted.Scores().Values.ShouldAllBe(score => float.IsFinite(score));
        fitted.Scores().Values.Max().ShouldBeGreaterThan(0);
    }

    /// <summary>Linear autoregression is left out: it sums in the order of the people, so that another order may round otherwise.</summary>
    [Theory]
    [InlineData("popularity")]
    [InlineData("popularity-genre")]
    [InlineData("item-knn")]
    [InlineData("user-knn")]
    [InlineData("knn-baseline")]
    [InlineData("ease")]
    [InlineData("vae")]
    [InlineData("sasrec")]
    [InlineData("two-tower")]
    [InlineData("neural-cf")]
    public void Who_the_people_are_does_not_change_a_byte(string model)
    {
        var renamed = new InteractionSetBuilder();
        for (var i = 0; i < Small.Count; i++)
            renamed.Add(NewName(Small.User[i]), Small.Movies[Small.Movie[i]], Small.HalfStars[i], Small.At[i]);
        var demographics = Enumerable.Range(0, Small.Users.Count).ToDictionary(NewName, user => Small.Demographics[user]);
        var same = GeneratedData.WithGenres(renamed.Build());
        Hash(model, same.WithDemographics([.. same.Users.Ids.Select(id => demographics[id])]), new()).ShouldBe(Hash(model, Small, new()));

        static string NewName(int user) => $"{(user * 37) % 61}";
    }

    [Theory]
    [InlineData("item-knn")]
    [InlineData("user-knn")]
    [InlineData("ease")]
    public void People_who_share_no_movie_with_the_others_change_nothing_for_them(string model)
    {
        var builder = new InteractionSetBuilder();
        foreach (var movie in new[] { "m0x", "m1x", "m2x" }) // between the others in ordinal order, so that rows move
            for (var stranger = 0; stranger < 5; stranger++)
                builder.Add($"stranger {stranger}", movie, 5, 0);
        for (var i = 0; i < Small.Count; i++)
            builder.Add(Small.Users[Small.User[i]], Small.Movies[Small.Movie[i]], Small.HalfStars[i], Small.At[i]);
        using Fitted without = Fitted.Of(model, Small), with = Fitted.Of(model, builder.Build());
        var scores = with.Scores("m3", "m1", "m22");
        foreach (var (movie, score) in without.Scores("m3", "m1", "m22"))
            scores[movie].ShouldBe(score);
        scores["m1x"].ShouldBe(0, 1e-20f);
    }

    private static string Hash(string model, InteractionSet data, FitRun run)
    {
        using var fitted = Fitted.Of(model, data, run);
        return fitted.ContentHash;
    }

    private sealed class Listener(Action<FitProgress> hear) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => hear(value);
    }
}
