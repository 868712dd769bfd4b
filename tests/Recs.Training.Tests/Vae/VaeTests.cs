using Recs.Training.Artifacts;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;
using Recs.Training.Vae;

namespace Recs.Training.Tests.Vae;

public class VaeTests
{
    private const int Around = 12;
    private static readonly (string, string)[] Thorough = [("width", "1"), ("hidden", "2"), ("epochs", "60"), ("block", "1"), ("batch", "100"), ("rate", "0.02"), ("dropout", "0"), ("kl", "0.0001")];

    [Fact]
    public void It_learns_which_movie_follows_which()
    {
        using var fitted = Fitted.Of("vae", Circle(), Thorough);
        for (var movie = 0; movie < Around; movie++)
            Best(fitted.Scorer, new([(movie + Around - 2) % Around, (movie + Around - 1) % Around, movie])).ShouldBe((movie + 1) % Around);
    }

    [Fact]
    public void A_network_that_says_again_what_it_read_finds_the_movies_of_a_taste()
    {
        var builder = new InteractionSetBuilder();
        for (var person = 0; person < 60; person++)
            for (var movie = 0; movie < 20; movie++)
                if (movie % 5 != person % 5)
                    builder.Add($"u{person}", $"{(person % 2 == 0 ? "a" : "b")}{movie}", 8, movie);
        using var fitted = Fitted.Of("vae", builder.Build(), [.. Thorough, ("next", "0"), ("hide", "0.5"), ("scales", "1")]);
        fitted.Scores("a1", "a2", "a3").OrderByDescending(s => s.Value).Take(20).ShouldAllBe(s => s.Key.StartsWith('a'));
        fitted.Scores("b4", "b6").OrderByDescending(s => s.Value).Take(20).ShouldAllBe(s => s.Key.StartsWith('b'));
    }

    [Fact]
    public void Who_the_person_is_shapes_the_scores_beside_a_history_unless_that_is_not_read()
    {
        var data = Circle(backwards: "M");
        using var fitted = Fitted.Of("vae", data, Thorough);
        Best(fitted.Scorer, new([4], demographics: new("F", 25, null))).ShouldBe(5);
        Best(fitted.Scorer, new([4], demographics: new("M", 25, null))).ShouldBe(3);
        Scores(fitted.Scorer, new([4])).ShouldAllBe(score => float.IsFinite(score));
        using var blind = Fitted.Of("vae", data, ("demographics", "0"));
        Scores(blind.Scorer, new([4], demographics: new("F", 25, null))).ShouldBe(Scores(blind.Scorer, new([4])));
    }

    [Fact]
    public void Recent_movies_count_for_more_and_a_single_bag_knows_no_order()
    {
        var data = GeneratedData.Interactions(genres: true);
        using Fitted several = Fitted.Of("vae", data), single = Fitted.Of("vae", data, ("scales", "1"));
        Scores(several.Scorer, new([1, 2, 3])).ShouldNotBe(Scores(several.Scorer, new([3, 2, 1])));
        Scores(single.Scorer, new([1, 2, 3])).Zip(Scores(single.Scorer, new([3, 2, 1]))).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-4f);
    }

    [Fact]
    public void The_genres_of_a_history_shape_the_scores_unless_they_are_not_read()
    {
        var data = GeneratedData.Interactions();
        var renamed = GeneratedData.WithGenres(data);
        using Fitted without = Fitted.Of("vae", data), with = Fitted.Of("vae", renamed), unread = Fitted.Of("vae", renamed, ("genres", "0"));
        with.Scores("m1", "m2").ShouldNotBe(without.Scores("m1", "m2"));
        unread.Scores("m1", "m2").ShouldBe(without.Scores("m1", "m2"));
    }

    [Fact]
    public void The_last_movies_have_shares_and_older_ones_none()
    {
        using var fitted = Fitted.Of("vae", GeneratedData.Interactions());
        int[] history = [.. Enumerable.Range(0, VaeReader.Explained + 5)];
        var shares = new float[history.Length];
        fitted.Scorer.Explain(new(history), 39, shares).ShouldBeTrue();
        shares[..5].ShouldAllBe(share => share == 0);
        shares[5..].ShouldAllBe(share => share != 0);
    }

    [Fact]
    public void On_a_circle_the_last_movie_has_the_greatest_share_in_the_next_one()
    {
        using var fitted = Fitted.Of("vae", Circle(), Thorough);
        var shares = new float[4];
        fitted.Scorer.Explain(new([2, 3, 4, 5]), 6, shares).ShouldBeTrue();
        Array.IndexOf(shares, shares.Max()).ShouldBe(3);
    }

    [Fact]
    public void Where_nobody_has_seen_two_movies_there_is_nothing_to_learn()
    {
        var builder = new InteractionSetBuilder();
        for (var person = 0; person < 5; person++)
            builder.Add($"u{person}", $"m{person % 2}", 8, 0);
        using var fitted = Fitted.Of("vae", builder.Build());
        fitted.Scores("m1").Values.ShouldAllBe(score => float.IsFinite(score));
    }

    [Fact]
    public void Sizes_that_are_none_are_damage()
    {
        using var folder = new TemporaryFolder();
        var store = new ArtifactStore(folder.Path);
        var data = GeneratedData.Interactions();
        using var artifact = new Artifact("vae", 1).Add("movies", data.Movies.Ids).AddColdStart(data, Histories.Of(data));
        new PersonReading(HistoryScales.Of(Fitted.QuickOptions(new VaeRecommender())), new(data.Genres), PersonGroups.Of([]), new bool[data.Movies.Count]).AddTo(artifact);
        new VaeShape(data.Movies.Count, Width: 17, Hidden: 16, Scales: 4, Genres: 0, Groups: 0).AddTo(artifact);
        var hash = store.Put(artifact).ContentHash;
        Should.Throw<DamagedArtifactException>(() => new VaeRecommender().Open(store.Open(hash))).Message.ShouldContain("shape");
    }

    /// <summary>Everybody goes around a circle of movies, each from another place; people of one gender may go the other way.</summary>
    private static InteractionSet Circle(string? backwards = null)
    {
        var builder = new InteractionSetBuilder();
        for (var step = 0; step < Around - 2; step++)
            for (var person = 0; person < 60; person++)
                builder.Add($"{person}", $"{(person + (Gender(person) == backwards ? Around - step : step)) % Around:D2}", 8, step);
        var data = builder.Build();
        return data.WithDemographics([.. data.Users.Ids.Select(id => new Demographics(Gender(int.Parse(id)), 25, null))]);

        static string Gender(int person) => person / Around % 2 == 0 ? "F" : "M";
    }

    private static int Best(IScorer scorer, in UserState user)
    {
        var scores = Scores(scorer, user);
        SlateRanking.LeaveOut(scores, user.Movies);
        return Array.IndexOf(scores, scores.Max());
    }

    private static float[] Scores(IScorer scorer, in UserState user)
    {
        var scores = new float[scorer.Movies.Count];
        scorer.Score(user, scores);
        return scores;
    }
}
