using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Training.Tests.Neural;

/// <summary>
/// A calculation on a tape with arguments of its own, drawn at random, whose gradients can be held against differences of what it computes: the slope in some places of each argument,
/// and along some directions that change all places at once, so that no part of a gradient can be missing.
/// </summary>
internal sealed unsafe class StepUnderTest
{
    private const int PlacesAtMost = 40;
    private const int Directions = 3;
    private const double Tolerance = 1e-3;
    private readonly ParameterLayout _layout = new();
    private readonly ParameterSlot[] _arguments;
    private readonly Func<Tape, Node[], double> _lose;
    private readonly float[] _values;

    private StepUnderTest(Func<Tape, Node[], double> lose, int spread, (int Rows, int Columns)[] shapes)
    {
        (_lose, _arguments) = (lose, [.. shapes.Select(shape => _layout.Add(shape.Rows, shape.Columns))]);
        _values = GC.AllocateArray<float>(_layout.Count, pinned: true);
        var random = new CounterRandom(5, 1);
        for (var i = 0; i < _values.Length; i++)
            _values[i] = spread * (random.Below(4097, (ulong)i) - 2048) / 2048f; // few bits, so that a nudge is exact
    }

    /// <summary>A calculation of a loss.</summary>
    /// <param name="lose">The loss of some arguments.</param>
    /// <param name="spread">Arguments lie between minus this and this.</param>
    /// <param name="shapes">Shape of each argument.</param>
    public static StepUnderTest Loss(Func<Tape, Node[], double> lose, int spread, params (int Rows, int Columns)[] shapes) => new(lose, spread, shapes);

    /// <summary>A calculation of a matrix; its loss is a sum with random weights of what the matrix holds.</summary>
    public static StepUnderTest Step(Func<Tape, Node[], Node> step, int spread, params (int Rows, int Columns)[] shapes)
        => new((tape, x) => Project(tape, step(tape, x)), spread, shapes);

    /// <summary>The numbers of an argument.</summary>
    public float[] this[int argument] => _values.AsSpan(_arguments[argument].Offset, _arguments[argument].Count).ToArray();

    /// <summary>The part of the gradients that belongs to an argument.</summary>
    public float[] Of(int argument, float[] gradients) => gradients.AsSpan(_arguments[argument].Offset, _arguments[argument].Count).ToArray();

    /// <summary>The loss, on a tape that does not learn.</summary>
    public double Compute(Isa isa)
    {
        fixed (float* values = _values)
        {
            using var tape = new Tape(isa, values);
            return Lose(tape);
        }
    }

    /// <summary>The loss and the gradients of all arguments, on a tape that learns.</summary>
    /// <param name="isa">Instruction set.</param>
    /// <param name="before">What the gradients are added to.</param>
    public (double Loss, float[] Gradients) Learn(Isa isa, float before = 0)
    {
        var gradients = GC.AllocateArray<float>(_layout.Count, pinned: true);
        Array.Fill(gradients, before);
        fixed (float* values = _values, slopes = gradients)
        {
            using var tape = new Tape(isa, values, slopes);
            var loss = Lose(tape);
            tape.Backward();
            return (loss, gradients);
        }
    }

    /// <summary>Fails unless the gradients are the slopes of the loss.</summary>
    public void ShouldHaveTheSlopesOfDifferences()
    {
        var gradients = Learn(InstructionSets.Supported[^1]).Gradients;
        var scratch = GC.AllocateArray<float>(_layout.Count, pinned: true);
        fixed (float* values = _values, slopes = scratch)
        {
            using var tape = new Tape(InstructionSets.Supported[^1], values, slopes); // a tape that learns, since only there drop-out drops
            for (var argument = 0; argument < _arguments.Length; argument++)
            {
                var slot = _arguments[argument];
                var size = Math.Sqrt(gradients.AsSpan(slot.Offset, slot.Count).ToArray().Average(g => (double)g * g));
                size.ShouldBeGreaterThan(0, $"argument {argument} has no gradient");
                foreach (var place in Places(slot))
                    Difference(tape, 1f / 32, nudge => _values[place] += nudge).ShouldBe(gradients[place], Tolerance * 3 * size, $"argument {argument}, number {place - slot.Offset}");
                for (var direction = 0; direction < Directions; direction++)
                {
                    var signs = Signs(slot, direction);
                    var expected = signs.Select((sign, i) => (double)sign * gradients[slot.Offset + i]).Sum();
                    var found = Difference(tape, 1f / 256, nudge =>
                    {
                        for (var i = 0; i < signs.Length; i++)
                            _values[slot.Offset + i] += nudge * signs[i];
                    });
                    found.ShouldBe(expected, Tolerance * size * Math.Sqrt(signs.Length), $"argument {argument}, direction {direction}");
                }
            }
        }
    }

    /// <summary>Slope of the loss by central differences of two widths, with the error of the fourth order (Fornberg, 1988).</summary>
    private double Difference(Tape tape, float h, Action<float> nudge)
    {
        return ((8 * (At(h) - At(-h))) - (At(2 * h) - At(-2 * h))) / (12 * h);

        double At(float change)
        {
            nudge(change);
            var loss = Lose(tape);
            tape.Clear();
            nudge(-change);
            return loss;
        }
    }

    private double Lose(Tape tape) => _lose(tape, [.. _arguments.Select(slot => tape[slot])]);

    private static double Project(Tape tape, Node y)
    {
        var random = new CounterRandom(5, 2);
        var sum = 0.0;
        for (var i = 0; i < y.Count; i++)
        {
            var weight = (random.Below(4097, (ulong)i) - 2048) / 2048f;
            sum += (double)weight * y.Value[i];
            if (tape.Learns)
                y.Gradient[i] += weight;
        }

        return sum;
    }

    private static IEnumerable<int> Places(ParameterSlot slot)
    {
        var random = new CounterRandom(5, 3);
        return slot.Count <= PlacesAtMost
            ? Enumerable.Range(slot.Offset, slot.Count)
            : Enumerable.Range(0, PlacesAtMost).Select(i => slot.Offset + random.Below(slot.Count, (ulong)i));
    }

    private static int[] Signs(ParameterSlot slot, int direction)
    {
        var random = new CounterRandom(5, 4 + (ulong)direction);
        return [.. Enumerable.Range(0, slot.Count).Select(i => (2 * random.Below(2, (ulong)i)) - 1)];
    }
}
