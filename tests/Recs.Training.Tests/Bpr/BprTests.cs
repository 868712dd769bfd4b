using Recs.Training.Bpr;
using Recs.Training.Factors;
using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Bpr;

public class BprTests
{
    [Fact]
    public unsafe void A_step_follows_the_gradient_by_finite_differences()
    {
        const double penalty = 0.1;
        const float rate = 1e-3f;
        using var drawn = GeneratedData.Matrix(3, 16, 4);
        float[] before = GeneratedData.Numbers(drawn), after = before.ToArray();
        fixed (float* rows = after)
            PairStep<PlainLanes>.Take(rows, rows + 16, rows + 32, 16, rate, 1 - (rate * (float)penalty)).ShouldBe(1 - Logistic(before), 1e-6);
        for (var i = 0; i < before.Length; i++)
            ((double)(after[i] - before[i]) / rate).ShouldBe((Objective(i, 1e-4) - Objective(i, -1e-4)) / 2e-4, 1e-3);

        double Objective(int moved, double by)
        {
            var rows = Array.ConvertAll(before, v => (double)v);
            rows[moved] += by;
            var margin = Enumerable.Range(0, 16).Sum(j => rows[j] * (rows[16 + j] - rows[32 + j]));
            return -Math.Log(1 + Math.Exp(-margin)) - (penalty / 2 * rows.Sum(v => v * v));
        }

        static double Logistic(float[] rows) => 1 / (1 + Math.Exp(-Enumerable.Range(0, 16).Sum(j => (double)rows[j] * (rows[16 + j] - rows[32 + j]))));
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(9_000, 2)]
    public void The_cells_of_the_grid_hold_everything_that_was_seen_once_and_those_of_a_diagonal_share_nobody(int users, int turns)
    {
        var people = SparseRows.Of(Histories.Of(GeneratedData.Interactions(users, movies: 90, perUser: 20)));
        var grid = new DealtGrid(people, 90);
        grid.Turns.ShouldBe(turns);
        grid.Deal(2, new(1, 5));
        var all = new List<SeenMovie>();
        for (var diagonal = 0; diagonal < DealtGrid.Blocks; diagonal++)
        {
            var (persons, movies) = (new List<int>(), new List<int>());
            for (var block = 0; block < DealtGrid.Blocks; block++)
            {
                var ofBlock = new HashSet<int>();
                for (var turn = 0; turn < turns; turn++)
                {
                    var cell = grid.Cell(block, turn, (block + diagonal) % DealtGrid.Blocks);
                    cell.Seen.ToArray().Select(seen => seen.Movie).ShouldBeSubsetOf(cell.Movies.ToArray());
                    all.AddRange(cell.Seen);
                    ofBlock.UnionWith(cell.Seen.ToArray().Select(seen => seen.Person));
                    if (turn == 0)
                        movies.AddRange(cell.Movies);
                }

                persons.AddRange(ofBlock);
            }

            persons.ShouldBeUnique();
            movies.Order().ShouldBe(Enumerable.Range(0, 90));
        }

        all.ToHashSet().SetEquals(Enumerable.Range(0, people.Count).SelectMany(person => people.Of(person).ToArray().Select(movie => new SeenMovie(person, movie)))).ShouldBeTrue();
        all.Count.ShouldBe(people.Column.Length);
    }

    [Fact]
    public void A_cell_knows_who_has_seen_which_of_its_movies()
    {
        var people = SparseRows.Of(Histories.Of(GeneratedData.Interactions(users: 100, movies: 90, perUser: 20)));
        var grid = new DealtGrid(people, 90);
        grid.Deal(1, new(1, 5));
        var cell = grid.Cell(3, 0, 7);
        var bits = new ulong[cell.Words];
        Array.Fill(bits, ulong.MaxValue); // what a former cell left
        cell.Mark(bits);
        foreach (var person in cell.Seen.ToArray().Select(seen => seen.Person).Distinct())
            for (var place = 0; place < cell.Movies.Length; place++)
                ((bits[cell.Bit(person, place) >> 6] >> (int)(cell.Bit(person, place) & 63) & 1) == 1).ShouldBe(people.Of(person).Contains(cell.Movies[place]));
    }

    [Fact]
    public void It_finds_the_movies_of_a_taste()
    {
        var builder = new InteractionSetBuilder();
        for (var person = 0; person < 60; person++)
            for (var movie = 0; movie < 20; movie++)
                if (movie % 5 != person % 5)
                    builder.Add($"u{person}", $"{(person % 2 == 0 ? "a" : "b")}{movie}", 8, movie);
        using var fitted = Fitted.Of("bpr", builder.Build(), new FitRun(Threads: 1), ("factors", "4"), ("iterations", "200"));
        fitted.Scores("a1", "a2", "a3").OrderByDescending(s => s.Value).Take(20).ShouldAllBe(s => s.Key.StartsWith('a'));
        fitted.Scores("b4", "b6").OrderByDescending(s => s.Value).Take(20).ShouldAllBe(s => s.Key.StartsWith('b'));
    }
}
