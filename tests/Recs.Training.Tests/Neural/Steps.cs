using Recs.Training.Neural;
using Recs.Training.NeuralCf;
using Recs.Training.Numerics;

namespace Recs.Training.Tests.Neural;

/// <summary>Every step that there is, each with arguments that reach its edges.</summary>
internal static class Steps
{
    public static IReadOnlyDictionary<string, Func<StepUnderTest>> All { get; } = new Dictionary<string, Func<StepUnderTest>>
    {
        ["dense"] = () => StepUnderTest.Step((tape, x) => Dense.Apply(tape, x[0], x[1], x[2]), 1, (37, 48), (48, 32), (1, 32)),
        ["map onto dense"] = () => StepUnderTest.Step((tape, x) => Onto(tape, x[3], x[4], Dense.Apply(tape, x[0], x[1], x[2])), 1, (37, 48), (48, 32), (1, 32), (37, 16), (16, 32)),
        ["pairs"] = () => Pairs(5),
        ["pairs, 70 people"] = () => Pairs(70),
        ["sum"] = () => StepUnderTest.Step((tape, x) => Sum.Apply(tape, x[0], x[1]), 1, (5, 32), (5, 32)),
        ["sum with itself"] = () => StepUnderTest.Step((tape, x) => Sum.Apply(tape, x[0], x[0]), 1, (5, 32)),
        ["product"] = () => StepUnderTest.Step((tape, x) => Product.Apply(tape, x[0], x[1]), 1, (5, 32), (5, 32)),
        ["square"] = () => StepUnderTest.Step((tape, x) => Product.Apply(tape, x[0], x[0]), 1, (5, 32)),
        ["gelu"] = () => StepUnderTest.Step((tape, x) => Activation<Gelu>.Apply(tape, x[0]), 4, (9, 32)),
        ["tanh"] = () => StepUnderTest.Step((tape, x) => Activation<Tanh>.Apply(tape, x[0]), 2, (9, 32)),
        ["layer norm"] = () => StepUnderTest.Step((tape, x) => LayerNorm.Apply(tape, x[0], x[1], x[2]), 1, (7, 48), (1, 48), (1, 48)),
        ["dropout"] = () => StepUnderTest.Step((tape, x) => Dropout.Apply(tape, x[0], Drop(0.3), 1_000), 1, (9, 32)),
        ["bags"] = () => StepUnderTest.Step((tape, x) => Bags.Apply(tape, x[0], Some), 1, (6, 32)),
        ["weighted bags"] = () => StepUnderTest.Step((tape, x) => Bags.Apply(tape, x[0], Weighted), 1, (6, 32)),
        ["bags onto bags"] = () => StepUnderTest.Step((tape, x) => Bags.Apply(tape, x[1], Weighted, Bags.Apply(tape, x[0], Some)), 1, (6, 32), (6, 32)),
        ["attention, 1 head"] = () => Attention(1, Drop(0)),
        ["attention, 2 heads"] = () => Attention(2, Drop(0)),
        ["attention with dropout"] = () => Attention(2, Drop(0.25)),
        ["a block"] = () => StepUnderTest.Step(Block, 1, (35, 32), (1, 32), (1, 32), (32, 64), (1, 64), (64, 32), (1, 32)),
        ["loss"] = () => Loss(33, 16),
        ["loss, 1 row, width 48"] = () => Loss(1, 48),
        ["loss, 70 rows, width 64"] = () => Loss(70, 64),
    };

    /// <summary>Rows of one entry, of several, of the same entry twice, and of none at all.</summary>
    private static readonly BagRows Some = new([0, 1, 4, 4, 6, 7], [5, 0, 1, 2, 3, 3, 5]);
    private static readonly BagRows Weighted = new(Some.Start, Some.Which, [1, -0.5f, 2, 0.25f, 1.5f, 0.75f, -1]);

    /// <summary>Sequences on both sides of the block of rows and of the lanes, longer than the table of distances, and one without any row.</summary>
    public static PackedSequences Sequences { get; } = new([0, 1, 32, 64, 64, 97, 167]);
    public const int Distances = 48;
    public const int AttentionWidth = 32;

    public static StepUnderTest Attention(int heads, DropoutRule drop)
        => StepUnderTest.Step((tape, x) => CausalAttention.Apply(tape, x[0], x[1], Sequences, drop, 77), 2, (Sequences.Start[^1], 3 * AttentionWidth), (heads, Distances));

    public const int Movies = 67; // no multiple of the movies of any tile

    public static StepUnderTest Loss(int rows, int width, bool leavesOut = false, int spread = 1)
        => StepUnderTest.Loss((tape, x) => CatalogueLoss.Apply(tape, x[0], x[1], x[2], Movies, TargetsOf(rows, leavesOut)), spread, (rows, width), (Movies, width), (1, Matrix.StrideFor(Movies)));

    /// <summary>A row in four has no target, the others one to three, some of them the same movie twice; a row in five leaves nothing out where the others do.</summary>
    public static Targets TargetsOf(int rows, bool leavesOut = false)
    {
        List<int> start = [0], movie = [];
        List<float> weight = [];
        var random = new CounterRandom(6, 1);
        for (var row = 0; row < rows; row++)
        {
            for (var target = 0; target < (row + 1) % 4; target++)
            {
                movie.Add(target == 2 ? movie[^1] : random.Below(Movies, (ulong)movie.Count));
                weight.Add(0.25f + random.Below(4, (ulong)movie.Count));
            }

            start.Add(movie.Count);
        }

        return new([.. start], [.. movie], [.. weight])
        {
            LeftOut = leavesOut ? LeftOut(rows, [.. start], [.. movie]) : null,
        };
    }

    private static LeftOutMovies LeftOut(int rows, int[] start, int[] movie)
    {
        var (all, from, to) = (new List<int>(), new int[rows], new int[rows]);
        for (var row = 0; row < rows; row++)
        {
            from[row] = all.Count;
            all.AddRange(Enumerable.Range(0, 7 * (row % 5)).Select(i => (row + (3 * i)) % Movies).Except(movie[start[row]..start[row + 1]]));
            to[row] = all.Count;
        }

        return new([.. all], from, to);
    }

    /// <summary>People by movies, some of the numbers of units beyond the point where they rest.</summary>
    public static StepUnderTest Pairs(int people) => StepUnderTest.Loss(
        (tape, x) => PairLoss.Apply(tape, new(x[0], x[1]), new(x[2], x[3], x[4], x[5]), TargetsOf(people)), 1,
        (people, 16), (people, 16), (Movies, 16), (16, Matrix.StrideFor(Movies)), (1, 16), (1, Matrix.StrideFor(Movies)));

    private static Node Onto(Tape tape, Node x, Node weights, Node y)
    {
        Map.Add(tape, x, weights, y);
        return y;
    }

    private static DropoutRule Drop(double rate) => new(new(3, 9), rate);

    /// <summary>A feed-forward block with its residual: x is used twice, and every kind of step but attention has a place.</summary>
    private static Node Block(Tape tape, Node[] x)
    {
        var normal = LayerNorm.Apply(tape, x[0], x[1], x[2]);
        var hidden = Dropout.Apply(tape, Activation<Gelu>.Apply(tape, Dense.Apply(tape, normal, x[3], x[4])), Drop(0.2), 5);
        return Sum.Apply(tape, x[0], Dense.Apply(tape, hidden, x[5], x[6]));
    }
}
