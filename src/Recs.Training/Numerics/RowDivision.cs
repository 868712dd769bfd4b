using System.Numerics;

namespace Recs.Training.Numerics;

/// <summary>Division of a row by a number. Element by element and correctly rounded, so any vector width gives the same bits.</summary>
internal static unsafe class RowDivision
{
    public static void Divide(float* row, float divisor, int columns)
    {
        var j = 0;
        var divisors = new Vector<float>(divisor);
        for (; j <= columns - Vector<float>.Count; j += Vector<float>.Count)
            (Vector.Load(row + j) / divisors).Store(row + j);
        for (; j < columns; j++)
            row[j] /= divisor;
    }
}
