using Recs.Training.Snapshots;

namespace Recs.Training.Factors;

/// <summary>Who saw what, row by row: the movies of each person, or the people of each movie.</summary>
/// <param name="First">Per row its first place in <paramref name="Column"/>, and one past the last row's end.</param>
/// <param name="Column">Column of each place.</param>
internal sealed record SparseRows(int[] First, int[] Column)
{
    /// <summary>Number of rows.</summary>
    public int Count => First.Length - 1;

    /// <summary>A row's columns.</summary>
    public ReadOnlySpan<int> Of(int row) => Column.AsSpan(First[row], First[row + 1] - First[row]);

    /// <summary>The movies of each person, oldest first.</summary>
    public static SparseRows Of(Histories histories)
    {
        var first = new int[histories.Users + 1];
        for (var user = 0; user < histories.Users; user++)
            first[user] = histories.Start(user);
        first[^1] = histories.Count;
        return new(first, histories.All.ToArray());
    }

    /// <summary>The same turned round; the columns of each row ascend.</summary>
    /// <param name="columns">Number of columns.</param>
    public SparseRows Transposed(int columns)
    {
        var first = new int[columns + 1];
        foreach (var column in Column)
            first[column + 1]++;
        for (var column = 0; column < columns; column++)
            first[column + 1] += first[column];
        var next = first.AsSpan(0, columns).ToArray();
        var turned = new int[Column.Length];
        for (var row = 0; row < Count; row++)
            foreach (var column in Of(row))
                turned[next[column]++] = row;
        return new(first, turned);
    }
}
