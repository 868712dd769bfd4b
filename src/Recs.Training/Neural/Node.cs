using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>A matrix of a calculation and the gradient of the loss with respect to it, row by row without gaps. Lives until its tape is cleared.</summary>
/// <param name="value">The numbers.</param>
/// <param name="gradient">What the loss gains per unit of each number; null on a tape that does not learn.</param>
/// <param name="rows">Rows.</param>
/// <param name="columns">Columns, a multiple of 16.</param>
internal readonly unsafe struct Node(float* value, float* gradient, int rows, int columns)
{
    public readonly float* Value = value;
    public readonly float* Gradient = gradient;
    public readonly int Rows = rows;
    public readonly int Columns = columns;

    /// <summary>How many numbers.</summary>
    public int Count => Rows * Columns;

    /// <summary>The numbers as a factor of a product.</summary>
    public MatrixView Values => new(Value, Rows, Columns, Columns, 1);

    /// <summary>The gradient as a factor of a product.</summary>
    public MatrixView Gradients => new(Gradient, Rows, Columns, Columns, 1);

    /// <summary>Rows <c>[from, from + count)</c>; writing to the part writes to the whole.</summary>
    public Node Part(int from, int count)
        => from >= 0 && count >= 0 && from + count <= Rows
            ? new(Value + ((nint)from * Columns), Gradient is null ? null : Gradient + ((nint)from * Columns), count, Columns)
            : throw new ArgumentOutOfRangeException(nameof(from), $"Rows {from} to {from + count} of {Rows}.");

    /// <summary>Fails if the matrix has not the shape that a step needs.</summary>
    /// <param name="rows">Rows that it should have.</param>
    /// <param name="columns">Columns that it should have.</param>
    /// <param name="what">What the step calls it.</param>
    /// <exception cref="ArgumentException">It has another shape.</exception>
    public void Require(int rows, int columns, string what)
    {
        if (Rows != rows || Columns != columns)
            throw new ArgumentException($"{what} is {Rows} x {Columns}, but must be {rows} x {columns}.", what);
    }
}
