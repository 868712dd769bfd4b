using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>
/// A calculation on matrices, written down step by step so that it can be gone through backwards: each step is a static method that computes its result at once and, on a
/// tape that learns, leaves behind how the gradient of the result becomes that of what it was made of (reverse accumulation). A tape belongs to one thread; which thread, and which
/// instruction set, changes no bit of any result.
/// </summary>
internal sealed unsafe class Tape : IDisposable
{
    private readonly List<Action> _backward = [];
    private readonly float* _values;
    private readonly float* _gradients;

    /// <summary>A tape over some parameters.</summary>
    /// <param name="isa">Instruction set.</param>
    /// <param name="values">The parameters' numbers; must stay where they are.</param>
    /// <param name="gradients">Receives their gradients, added to what is there; null for a tape that only computes.</param>
    public Tape(Isa isa, float* values, float* gradients = null)
    {
        Isa = isa;
        _values = values;
        _gradients = gradients;
    }

    /// <summary>Instruction set of every step.</summary>
    public Isa Isa { get; }
    /// <summary>Whether steps are written down, and drop-out drops.</summary>
    public bool Learns => _gradients is not null;
    /// <summary>Where nodes and scratch come from.</summary>
    public Arena Arena { get; } = new();
    /// <summary>Room for the packed blocks of products.</summary>
    public PackBuffers Buffers { get; } = new();

    /// <summary>A matrix of parameters.</summary>
    public Node this[ParameterSlot slot] => new(_values + slot.Offset, Learns ? _gradients + slot.Offset : null, slot.Rows, slot.Columns);

    /// <summary>A result to be: its numbers are left over from before, its gradient is zero.</summary>
    public Node Result(int rows, int columns)
        => new(Arena.Take<float>((long)rows * columns), Learns ? Arena.TakeZeros((long)rows * columns) : null, rows, columns);

    /// <summary>A matrix of zeros.</summary>
    public Node Zeros(int rows, int columns)
    {
        var zeros = Result(rows, columns);
        new Span<float>(zeros.Value, zeros.Count).Clear();
        return zeros;
    }

    /// <summary>Writes a step down; called only on a tape that learns.</summary>
    public void Record(Action backward) => _backward.Add(backward);

    /// <summary>c = c + a b.</summary>
    public void AddProduct(MatrixView a, MatrixView b, MatrixView c) => MatrixProduct.Run(Isa, Buffers, a, b, c, subtract: false);

    /// <summary>Goes through the steps from the last to the first, after which every gradient is complete.</summary>
    public void Backward()
    {
        for (var step = _backward.Count - 1; step >= 0; step--)
            _backward[step]();
        _backward.Clear();
    }

    /// <summary>Forgets steps and results; the parameters' gradients stay.</summary>
    public void Clear()
    {
        _backward.Clear();
        Arena.Clear();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Arena.Dispose();
        Buffers.Dispose();
    }
}
