using FsCheck;
using FsCheck.Fluent;
using Recs.Contracts.Registry;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Queries.Serving;
using Recs.Training.Reranking;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests;

public class GenreDiversityTests
{
    private readonly MovieNumbers _numbers = new();

    private sealed record Film(string Id, float Score, string[] Genres);

    private (LiveModel Model, CatalogueState Catalogue) World(IReadOnlyList<Film> films)
    {
        var catalogue = CatalogueState.Empty.With([.. films.Select((f, i) => ((long)i + 1, new Movie(f.Id, f.Id, null, f.Genres, false)))], _numbers);
        var manifest = new ModelTrained("t", "m", "m-v0.1", "h", "s", "d", 1, new Dictionary<string, string>(), 1, 1, "r", false, [], 1, 1, DateTimeOffset.UnixEpoch);
        return (new LiveModel(manifest, new TableScorer(films.ToDictionary(f => f.Id, f => f.Score)), _numbers), catalogue);
    }

    private (string[] Items, float[] Scores) Found(IReadOnlyList<Film> films, double diversity, int k)
    {
        var (model, catalogue) = World(films);
        var slate = new Slate();
        slate.Find(model, catalogue, Viewers.Of(_numbers), new SlateRules(null, [], diversity > 0 ? new(Rerankers.Mmr, diversity) : null), k);
        return ([.. slate.Items.ToArray().Select(dense => model.Scorer.Movies[dense])], slate.Scores.ToArray());
    }

    private static readonly Film[] TwoKinds =
        [new("a", 10, ["Drama"]), new("b", 9.9f, ["Drama"]), new("c", 9.8f, ["Drama", "War"]), new("d", 5, ["Comedy"]), new("e", 1, [])];

    [Fact]
    public void Without_diversity_the_scores_decide() => Found(TwoKinds, 0, 3).Items.ShouldBe(["a", "b", "c"]);

    [Fact]
    public void With_some_another_genre_comes_before_more_of_the_same() => Found(TwoKinds, 0.4, 3).Items.ShouldBe(["a", "c", "d"]);

    [Fact]
    public void With_nothing_but_diversity_the_best_comes_first_and_then_what_is_least_alike() => Found(TwoKinds, 1, 5).Items.ShouldBe(["a", "d", "e", "c", "b"]);

    [Fact]
    public void The_scores_stay_those_of_the_model() => Found(TwoKinds, 1, 3).Scores.ShouldBe([10, 5, 1]);

    [Fact]
    public void A_movie_far_below_the_candidates_is_not_taken_for_its_genre()
    {
        Film[] films = [.. Enumerable.Range(0, 60).Select(i => new Film($"{100 + i}", 100 - i, i < 55 ? ["Drama"] : ["Comedy"]))];
        Found(films, 1, 5).Items.ShouldNotContain(id => int.Parse(id) >= 150);
        Found(films, 1, 20).Items.ShouldContain("155");
    }

    /// <summary>The definition word for word, over any number of genres.</summary>
    private static string[] Naive(IReadOnlyList<Film> films, double d, int k)
    {
        var pool = films.OrderByDescending(f => f.Score).ThenBy(f => f.Id, StringComparer.Ordinal).Take(Math.Max(5 * k, 50)).ToList();
        var (lowest, highest) = ((double)pool[^1].Score, (double)pool[0].Score);
        List<Film> taken = [];
        while (taken.Count < k && pool.Count > 0)
        {
            var best = pool.MaxBy(f => (1 - d) * (highest > lowest ? (f.Score - lowest) / (highest - lowest) : 1) + d * (1 - taken.Select(t => Jaccard(f, t)).DefaultIfEmpty(0).Max()))!;
            pool.Remove(best);
            taken.Add(best);
        }
        return [.. taken.Select(f => f.Id)];
    }

    private static double Jaccard(Film a, Film b)
        => a.Genres.Length + b.Genres.Length == 0 ? 1 : (double)a.Genres.Intersect(b.Genres).Count() / a.Genres.Union(b.Genres).Count();

    [Fact]
    public void It_takes_what_the_definition_takes() => Prop.ForAll(
        (from rows in Gen.NonEmptyListOf(from score in Gen.Choose(-5, 5) from genres in Gen.ListOf(Gen.Choose(0, 99)) select (Score: score, Genres: genres))
         from percent in Gen.Choose(1, 100)
         from k in Gen.Choose(1, 100)
         select (Rows: rows, Percent: percent, K: k)).ToArbitrary(),
        input =>
        {
            Film[] films = [.. input.Rows.Select((r, i) => new Film($"m{i}", r.Score, [.. r.Genres.Select(g => $"g{g}").Distinct()]))];
            return Found(films, input.Percent / 100.0, input.K).Items.SequenceEqual(Naive(films, input.Percent / 100.0, input.K));
        }).QuickCheckThrowOnFailure();
}
