using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.TwoTower;

public class TwoTowerTests
{
    private const int Movies = 24; // comedies and wars, every other one; nobody has seen the last two
    private static readonly (string, string)[] Learned = [("epochs", "30"), ("rate", "0.02"), ("drop-own", "0.3"), ("drop-hidden", "0")];

    [Fact]
    public void A_movie_without_a_single_rating_is_recommended_to_those_who_like_its_kind()
    {
        using var fitted = Fitted.Of("two-tower", Two(), Learned);
        fitted.Scorer.Movies.Ids.ShouldContain(Id(Movies - 1)); // a movie of the data set that is in nobody's history
        Rank(fitted.Scorer, Id(Movies - 2), 0, 2, 4).ShouldBeLessThan(Rank(fitted.Scorer, Id(Movies - 1), 0, 2, 4));
        Rank(fitted.Scorer, Id(Movies - 1), 1, 3, 5).ShouldBeLessThan(Rank(fitted.Scorer, Id(Movies - 2), 1, 3, 5));
        Rank(fitted.Scorer, Id(Movies - 2), 0, 2, 4).ShouldBeLessThanOrEqualTo(10); // among the wars, though all of them have been seen by somebody and it has not
    }

    [Fact]
    public void So_is_one_that_came_to_the_catalogue_after_the_training()
    {
        using var fitted = Fitted.Of("two-tower", Two(), Learned);
        var over = ((ICatalogueScorer)fitted.Scorer).Over([new("new war", new("Anew", 1950), ["War"]), new("new comedy", new("Anew", 1990), ["Comedy"])]);
        over.Movies.Count.ShouldBe(Movies + 2);
        Rank(over, "new war", 0, 2, 4).ShouldBeLessThan(Rank(over, "new comedy", 0, 2, 4));
        Rank(over, "new comedy", 1, 3, 5).ShouldBeLessThan(Rank(over, "new war", 1, 3, 5));
    }

    [Fact]
    public void New_movies_leave_the_scores_of_the_others_as_they_were_whatever_order_they_come_in()
    {
        using var fitted = Fitted.Of("two-tower", Two());
        var scorer = (ICatalogueScorer)fitted.Scorer;
        CatalogueMovie first = new("a first", new("Anew", 1950), ["War"]), last = new("z last", new("Anew", 1990), ["Comedy"]);
        var (one, other, later) = (scorer.Over([first, last]), scorer.Over([last, first]), scorer.Over([last]).Over([first]));
        var scores = Scores(one, DenseIn(one, 0, 3));
        Scores(other, DenseIn(other, 0, 3)).ShouldBe(scores);
        Scores(later, DenseIn(later, 0, 3)).ShouldBe(scores);
        foreach (var (id, score) in Scores(scorer, DenseIn(scorer, 0, 3)))
            scores[id].ShouldBe(score);
        scorer.Over([new(Id(3), new("Renamed", 2000), ["Western"])]).ShouldBeSameAs(scorer); // what it was fitted with stays what it was then
        scorer.Over([new("a movie of which nothing is known", default, [])]).ShouldBeSameAs(scorer);
    }

    [Fact]
    public void A_new_movie_in_a_history_shapes_the_scores_and_its_share_is_told()
    {
        using var fitted = Fitted.Of("two-tower", Two(), Learned);
        var over = ((ICatalogueScorer)fitted.Scorer).Over([new("new war", new("Anew", 1950), ["War"]), new("new comedy", new("Anew", 1990), ["Comedy"])]);
        int war = over.Movies.Find("new war"), comedy = over.Movies.Find("new comedy");
        over.Personalizes(new([war])).ShouldBeTrue();
        Rank(over, Id(0), [war]).ShouldBeLessThan(Rank(over, Id(0), [comedy]));
        var shares = new float[1];
        over.Explain(new([war]), over.Movies.Find(Id(0)), shares).ShouldBeTrue();
        shares[0].ShouldNotBe(0);
    }

    [Fact]
    public void Nobody_who_has_no_history_is_told_of_a_new_movie_before_those_that_are_known()
    {
        using var fitted = Fitted.Of("two-tower", Two());
        var over = ((ICatalogueScorer)fitted.Scorer).Over([new("a new movie", new("Anew", 1950), ["War"])]);
        var (before, after) = (Scores(fitted.Scorer), Scores(over));
        after["a new movie"].ShouldBe(0);
        foreach (var (id, score) in before)
            after[id].ShouldBe(score);
    }

    /// <summary>People who see wars of the fifties alone, and people who see comedies of the nineties alone.</summary>
    private static InteractionSet Two()
    {
        var builder = new InteractionSetBuilder();
        for (var person = 0; person < 60; person++)
            for (var step = 0; step < 9; step++)
                builder.Add($"u{person}", Id((2 * ((person + (step * (1 + (person % 3)))) % 11)) + (person % 2)), 8, step);
        for (var movie = Movies - 2; movie < Movies; movie++)
            builder.Add("gone", Id(movie), 8, 9);
        var data = builder.Build();
        data = data
            .WithGenres(MovieGenres.Of(data.Movies, Enumerable.Range(0, Movies).Select(movie => (Id(movie), (IReadOnlyList<string>)[movie % 2 == 0 ? "War" : "Comedy"]))))
            .WithTitles(MovieTitle.Of(data.Movies, Enumerable.Range(0, Movies).Select(movie => (Id(movie), new MovieTitle($"Movie {movie}", movie % 2 == 0 ? 1950 + (movie % 7) : 1990 + (movie % 7))))));
        var gone = data.Users.Find("gone");
        return data.Where([.. data.User.ToArray().Select(user => user != gone)]);
    }

    private static string Id(int movie) => $"m{movie:00}";

    /// <summary>Dense ids of movies, which a new movie before them in ordinal order moves.</summary>
    private static int[] DenseIn(IScorer scorer, params int[] movies) => [.. movies.Select(movie => scorer.Movies.Find(Id(movie)))];

    private static int Rank(IScorer scorer, string movie, params int[] history)
    {
        var scores = Scores(scorer, history);
        return scores.Count(s => s.Value >= scores[movie]);
    }

    private static Dictionary<string, float> Scores(IScorer scorer, params int[] history)
    {
        var scores = new float[scorer.Movies.Count];
        scorer.Score(new(history), scores);
        return scorer.Movies.Ids.Select((id, movie) => (id, scores[movie])).ToDictionary();
    }
}
