using FsCheck;
using FsCheck.Fluent;
using Recs.Training.Popularity;
using Recs.Training.Reranking;

namespace Recs.Training.Tests.Reranking;

public class RerankersTests
{
    private const double Tolerance = 1e-9;

    private sealed class World(Film[] films, int[] history, int k, double weight)
    {
        private readonly Lazy<double[][]> _similarities = new(() => [.. films.Select(a => films.Select(b => Jaccard(a, b)).ToArray())]);

        public Film[] Films => films;
        public int[] History => history;
        public int K => k;
        public double Weight => weight;
        public int[] Candidates { get; } =
            [.. Enumerable.Range(0, films.Length).Except(history).OrderByDescending(i => films[i].Score).ThenBy(i => i).Take(ListReranking.CandidatesFor(k))];

        public double Similarity(int a, int b) => _similarities.Value[a][b];

        private static double Jaccard(Film a, Film b)
            => a.Genres.Length + b.Genres.Length == 0 ? 1 : (double)a.Genres.Intersect(b.Genres).Count() / a.Genres.Union(b.Genres).Count();
    }

    private static readonly Arbitrary<World> Worlds =
        (from films in Gen.NonEmptyListOf(
             from score in Gen.Choose(-20, 20) from genres in Gen.ListOf(Gen.Elements(0, 1, 2, 3, 64, 65, 127)) from popularity in Gen.Elements(Enum.GetValues<PopularityClass>())
             select new Film(score / 4f, [.. genres.Distinct()], popularity))
         from seen in Gen.Choose(0, 10)
         from k in Gen.Choose(1, 12)
         from percent in Gen.Choose(1, 100)
         select new World([.. films], [.. Enumerable.Range(0, Math.Min(seen, films.Count - 1))], k, percent / 100.0)).ToArbitrary();

    /// <summary>Each movie of the list must be worth as much, beside those before it, as any other that could have stood there.</summary>
    private static void EveryChoiceIsTheBest(string name, Func<World, IReadOnlyList<int>, double> worth) => Prop.ForAll(Worlds, world =>
    {
        var list = new Films(world.Films).List(name, world.Weight, world.K, world.History);
        list.Length.ShouldBe(Math.Min(world.K, world.Candidates.Length));
        list.ShouldBeUnique();
        for (var place = 0; place < list.Length; place++)
        {
            var before = list.Take(place).ToArray();
            var chosen = worth(world, [.. before, list[place]]);
            world.Candidates.Except(before).Max(other => worth(world, [.. before, other])).ShouldBeLessThanOrEqualTo(chosen + Tolerance);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Marginal_relevance_takes_what_its_definition_takes() => EveryChoiceIsTheBest(Rerankers.Mmr, (world, list) =>
        ((1 - world.Weight) * Relevance(world, list[^1])) + (world.Weight * (1 - list.SkipLast(1).Select(other => world.Similarity(other, list[^1])).DefaultIfEmpty(0).Max())));

    [Fact]
    public void The_point_process_takes_what_raises_the_determinant_most() => EveryChoiceIsTheBest(Rerankers.Dpp, (world, list) =>
        ((1 - world.Weight) * list.Sum(movie => Relevance(world, movie)))
        + (world.Weight * Math.Log(Determinant([.. list.Select((a, i) => list.Select((b, j) => i == j ? 1 : 0.9 * world.Similarity(a, b)).ToArray())]))));

    [Fact]
    public void Genre_calibration_takes_what_brings_the_genres_nearest_to_the_history() => EveryChoiceIsTheBest(Rerankers.GenreCalibrated, (world, list) =>
    {
        var wanted = GenreShares(world, world.History);
        var listed = GenreShares(world, list);
        var divergence = wanted.Sum(p => p.Value * Math.Log(p.Value / ((0.99 * listed.GetValueOrDefault(p.Key)) + (0.01 * p.Value))));
        return ((1 - world.Weight) * Relevance(world, list[^1])) - (world.Weight * divergence);
    });

    [Fact]
    public void Popularity_calibration_takes_what_brings_the_classes_nearest_to_the_history() => EveryChoiceIsTheBest(Rerankers.PopularityCalibrated, (world, list) =>
    {
        var divergence = 0.0;
        foreach (var c in Enum.GetValues<PopularityClass>())
        {
            double p = Share(world.History), q = Share(list);
            divergence += ((p > 0 ? p * Math.Log2(2 * p / (p + q)) : 0) + (q > 0 ? q * Math.Log2(2 * q / (p + q)) : 0)) / 2;
            double Share(IReadOnlyList<int> movies) => movies.Count(m => world.Films[m].Popularity == c) / (double)movies.Count;
        }

        return ((1 - world.Weight) * Relevance(world, list[^1])) - (world.Weight * (world.History.Length == 0 ? 0 : divergence));
    });

    [Fact]
    public void Memory_that_was_used_before_changes_nothing()
    {
        var used = new ListReranking();
        Prop.ForAll(Worlds, world =>
        {
            var films = new Films(world.Films);
            foreach (var name in Rerankers.Names)
                films.List(used, new(name, world.Weight), world.K, world.History).ShouldBe(films.List(name, world.Weight, world.K, world.History));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(Rerankers.Mmr)]
    [InlineData(Rerankers.Dpp)]
    [InlineData(Rerankers.GenreCalibrated)]
    [InlineData(Rerankers.PopularityCalibrated)]
    public void Equally_good_movies_come_in_the_order_of_their_scores_and_ids(string name)
        => new Films([new(1, [5]), new(3, [5]), new(2, [5]), new(3, [5]), new(2, [5])]).List(name, 1, 4, 0)[..2].ShouldBe([1, 3]);

    [Fact]
    public void A_history_of_two_genres_gets_them_in_its_own_shares()
    {
        Film[] films = [.. Enumerable.Range(0, 4).Select(i => new Film(0, [i < 3 ? 0 : 1])), .. Enumerable.Range(0, 40).Select(i => new Film(40 - i, [i < 20 ? 0 : 1]))];
        var list = new Films(films).List(Rerankers.GenreCalibrated, 0.99, 8, 0, 1, 2, 3);
        list.Count(movie => films[movie].Genres[0] == 0).ShouldBe(6);
    }

    [Fact]
    public void Who_likes_rare_movies_gets_some()
    {
        Film[] films =
        [
            new(0, [], PopularityClass.Tail), new(0, [], PopularityClass.Head),
            .. Enumerable.Range(0, 40).Select(i => new Film(40 - i, [], i < 20 ? PopularityClass.Head : PopularityClass.Tail)),
        ];
        new Films(films).List(Rerankers.PopularityCalibrated, 0.99, 10, 0, 1).Count(movie => films[movie].Popularity == PopularityClass.Tail).ShouldBe(5);
    }

    [Theory]
    [InlineData("mmr:0.3", "mmr", 0.3)]
    [InlineData("genre-calibrated:1", "genre-calibrated", 1)]
    public void A_choice_is_a_name_and_a_weight(string text, string name, double weight) => RerankChoice.Parse(text).ShouldBe(new(name, weight));

    [Theory]
    [InlineData("")]
    [InlineData("mmr")]
    [InlineData("mmr:")]
    [InlineData("mmr:0")]
    [InlineData("mmr:1.1")]
    [InlineData("mmr:-0.5")]
    [InlineData("mmr:0.5:0.5")]
    [InlineData("MMR:0.5")]
    [InlineData("best:0.5")]
    public void Anything_else_is_refused_with_what_was_expected(string text)
        => Should.Throw<ArgumentException>(() => RerankChoice.Parse(text)).Message.ShouldContain("genre-calibrated");

    private static double Relevance(World world, int movie)
    {
        float highest = world.Films[world.Candidates[0]].Score, lowest = world.Films[world.Candidates[^1]].Score;
        return highest > lowest ? ((double)world.Films[movie].Score - lowest) / ((double)highest - lowest) : 1;
    }

    private static Dictionary<int, double> GenreShares(World world, IReadOnlyList<int> movies)
    {
        var counted = movies.Where(m => world.Films[m].Genres.Length > 0).ToList();
        return counted.SelectMany(m => world.Films[m].Genres.Select(g => (Genre: g, Part: 1.0 / world.Films[m].Genres.Length)))
            .GroupBy(x => x.Genre).ToDictionary(g => g.Key, g => g.Sum(x => x.Part) / counted.Count);
    }

    /// <summary>By elimination.</summary>
    private static double Determinant(double[][] a)
    {
        var product = 1.0;
        for (var i = 0; i < a.Length; i++)
        {
            product *= a[i][i];
            for (var row = i + 1; row < a.Length; row++)
            {
                var factor = a[row][i] / a[i][i];
                for (var column = i; column < a.Length; column++)
                    a[row][column] -= factor * a[i][column];
            }
        }

        return product;
    }
}
