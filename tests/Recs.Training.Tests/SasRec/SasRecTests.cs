using Recs.Training.Artifacts;
using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.SasRec;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.SasRec;

public class SasRecTests
{
    private const int Around = 12;

    [Fact]
    public void It_learns_which_movie_follows_which()
    {
        using var fitted = Fitted.Of("sasrec", Circle(), ("epochs", "40"), ("batch", "100"), ("rate", "0.01"), ("dropout", "0"));
        for (var movie = 0; movie < Around; movie++)
        {
            var scores = new float[Around];
            int[] history = [(movie + Around - 1) % Around, movie];
            fitted.Scorer.Score(new(history), scores);
            SlateRanking.LeaveOut(scores, history); // the network is never asked about them
            Array.IndexOf(scores, scores.Max()).ShouldBe((movie + 1) % Around);
        }
    }

    [Fact]
    public void The_order_of_a_history_shapes_the_scores_and_its_ratings_do_not()
    {
        using var fitted = Fitted.Of("sasrec", GeneratedData.Interactions());
        var scores = Scores(fitted.Scorer, new([1, 2, 3], [8, 8, 8]));
        Scores(fitted.Scorer, new([3, 2, 1], [8, 8, 8])).ShouldNotBe(scores);
        Scores(fitted.Scorer, new([1, 2, 3], [8, 8, 1])).ShouldBe(scores);
    }

    /// <summary>Two genres take turns: who has just seen a comedy sees a drama next. A new movie of either genre is told by its genre alone.</summary>
    [Fact]
    public void A_movie_that_came_after_the_training_is_told_by_its_genre_as_an_answer_and_as_a_part_of_a_history()
    {
        using var fitted = Fitted.Of("sasrec", TakingTurns(), ("epochs", "30"), ("batch", "200"), ("rate", "0.01"), ("drop-own", "0.5"));
        using var wide = ((ICatalogueScorer)fitted.Scorer).Over([new("new comedy", default, ["Comedy"]), new("new drama", default, ["Drama"]), new("told by nothing", default, [])]);
        wide.Movies.Find("told by nothing").ShouldBe(-1);
        int comedy = wide.Movies.Find("new comedy"), drama = wide.Movies.Find("new drama"), other = wide.Movies.Find("d1");
        var after = Scores(wide, new([wide.Movies.Find("c0"), other, wide.Movies.Find("c2")]));
        after[drama].ShouldBeGreaterThan(after[comedy]);
        var afterNew = Scores(wide, new([other, comedy]));
        afterNew[drama].ShouldBeGreaterThan(afterNew[comedy]);
    }

    [Fact]
    public void Over_a_larger_catalogue_the_scores_of_the_movies_that_it_knew_stay_as_they_were()
    {
        using var fitted = Fitted.Of("sasrec", TakingTurns());
        using var wide = ((ICatalogueScorer)fitted.Scorer).Over([new("a new one", default, ["Drama"])]);
        var before = fitted.Scores("c2", "d1");
        var after = Scores(wide, new([wide.Movies.Find("c2"), wide.Movies.Find("d1")]));
        foreach (var (id, score) in before)
            after[wide.Movies.Find(id)].ShouldBe(score);
    }

    [Fact]
    public void Only_the_window_is_looked_at()
    {
        using var fitted = Fitted.Of("sasrec", GeneratedData.Interactions(), ("window", "3"));
        Scores(fitted.Scorer, new([9, 8, 1, 2, 3])).ShouldBe(Scores(fitted.Scorer, new([7, 1, 2, 3])));
    }

    [Fact]
    public void What_a_movie_brought_is_what_the_score_lacks_without_it()
    {
        using var fitted = Fitted.Of("sasrec", GeneratedData.Interactions(), ("window", "20"));
        int[] history = [.. Enumerable.Range(0, 30)];
        var whole = Scores(fitted.Scorer, new(history));
        foreach (var movie in new[] { 33, 34 }) // the second is answered from what was read for the first
        {
            var shares = new float[history.Length];
            fitted.Scorer.Explain(new(history), movie, shares).ShouldBeTrue();
            for (var place = history.Length - MomentReader.Explained; place < history.Length; place++)
                shares[place].ShouldBe(whole[movie] - Scores(fitted.Scorer, new([.. history.Where((_, i) => i != place)]))[movie], 1e-5f);
            shares[..^MomentReader.Explained].ShouldAllBe(share => share == 0);
        }

        var other = new float[2];
        fitted.Scorer.Explain(new([5, 6]), 33, other).ShouldBeTrue();
        other[0].ShouldBe(Scores(fitted.Scorer, new([5, 6]))[33] - Scores(fitted.Scorer, new([6]))[33], 1e-5f);
    }

    [Fact]
    public unsafe void The_last_moment_is_the_last_of_all_moments()
    {
        var network = new SasRecNetwork(new(Movies: 30, Features: 1, Width: 32, Blocks: 2, Heads: 2, Mixing: 64, Window: 50));
        var parameters = network.Layout.Draw(new(1, 1));
        int[] each = [.. Enumerable.Range(0, 41)], movies = [.. each[..40].Select(i => i % 30)];
        var rows = new HistoryRows(new(each, movies), new([0, 40]));
        fixed (float* values = parameters)
        {
            using var tape = new Tape(InstructionSets.Chosen, values);
            var table = tape[network.Movies.Own];
            Node all = network.Moments(tape, table, rows, Droppings.None), last = network.LastMoment(tape, table, rows);
            new Span<float>(last.Value, 32).SequenceEqual(new Span<float>(all.Value + (39 * 32), 32)).ShouldBeTrue();
        }
    }

    [Fact]
    public void Heads_that_do_not_divide_the_width_are_refused()
        => Should.Throw<InvalidDataException>(() => Fitted.Of("sasrec", Circle(), ("heads", "3"))).Message.ShouldContain("heads=3");

    [Fact]
    public void People_who_have_one_movie_teach_nothing_and_break_nothing()
    {
        var builder = new InteractionSetBuilder();
        builder.Add("a", "m1", 8, 0);
        builder.Add("b", "m2", 8, 0);
        using var fitted = Fitted.Of("sasrec", builder.Build());
        fitted.Scores("m1").Values.ShouldAllBe(score => float.IsFinite(score));
    }

    [Fact]
    public void Sizes_that_are_none_are_damage()
    {
        using var folder = new TemporaryFolder();
        var store = new ArtifactStore(folder.Path);
        using var artifact = new Artifact("sasrec", 2).Add("movies", ["m1"]).Add("popularity", (ReadOnlySpan<int>)[1]).Add("shape", (ReadOnlySpan<int>)[1, 1, 16, 1, 3, 16, 10]);
        var hash = store.Put(artifact).ContentHash;
        Should.Throw<DamagedArtifactException>(() => new SasRecRecommender().Open(store.Open(hash))).Message.ShouldContain("shape");
    }

    /// <summary>Everybody goes around a circle of movies, each from another place.</summary>
    private static InteractionSet Circle()
    {
        var builder = new InteractionSetBuilder();
        for (var person = 0; person < 40; person++)
            for (var step = 0; step < Around - 2; step++)
                builder.Add($"{person}", $"{(person + step) % Around:D2}", 8, step);
        return builder.Build();
    }

    private static InteractionSet TakingTurns()
    {
        var builder = new InteractionSetBuilder();
        for (var person = 0; person < 60; person++)
            for (var step = 0; step < 8; step++)
                builder.Add($"{person}", $"{((person + step) % 2 == 0 ? 'c' : 'd')}{(person + (step * 3)) % 10}", 8, step);
        var data = builder.Build();
        return data.WithGenres(MovieGenres.Of(data.Movies, data.Movies.Ids.Select(id => (id, (IReadOnlyList<string>)[id[0] == 'c' ? "Comedy" : "Drama"]))));
    }

    private static float[] Scores(IScorer scorer, in UserState user)
    {
        var scores = new float[scorer.Movies.Count];
        scorer.Score(user, scores);
        return scores;
    }
}
