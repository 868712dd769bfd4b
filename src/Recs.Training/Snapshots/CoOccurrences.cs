namespace Recs.Training.Snapshots;

/// <summary>
/// How many people have both of two movies in their history: X'X for the matrix X of people by movies, 1 where a movie is in a history. Whole numbers, so
/// that neither the order of the people nor the number of threads can change one. A row is counted at a time into a counter per movie, which stays in the
/// first-level cache; the work over all rows is the sum of the squared lengths of the histories, or half of it above the diagonal.
/// </summary>
internal sealed unsafe class CoOccurrences
{
    private readonly int[] _historyEnd; // per person, in _rows; the person before ends where this one starts
    private readonly int[] _rows; // every person's rows, ascending
    private readonly int[] _first; // per row, in _person and _place
    private readonly int[] _person; // everyone who has the row, ascending
    private readonly int[] _place; // where in _rows that person has it

    /// <summary>Sorts the histories by row.</summary>
    /// <param name="histories">Every person's history.</param>
    /// <param name="row">Row of each movie, or -1 if it does not count.</param>
    /// <param name="rows">Number of rows.</param>
    public CoOccurrences(Histories histories, ReadOnlySpan<int> row, int rows)
    {
        _historyEnd = new int[histories.Users];
        _first = new int[rows + 1];
        var total = 0;
        for (var person = 0; person < histories.Users; person++)
        {
            foreach (var movie in histories.Of(person))
            {
                if (row[movie] < 0)
                    continue;
                _first[row[movie] + 1]++;
                total++;
            }

            _historyEnd[person] = total;
        }

        for (var r = 0; r < rows; r++)
            _first[r + 1] += _first[r];
        (_rows, _person, _place) = (new int[total], new int[total], new int[total]);
        FillPeople(histories, row);
        FillRows();
    }

    /// <summary>Number of rows.</summary>
    public int Rows => _first.Length - 1;

    /// <summary>How many people have a row's movie: the row's element on the diagonal.</summary>
    public int People(int row) => _first[row + 1] - _first[row];

    /// <summary>Counts a row from its diagonal on.</summary>
    /// <param name="row">Row.</param>
    /// <param name="counts">One counter per row; those before <paramref name="row"/> are left alone.</param>
    public void CountUpper(int row, Span<int> counts)
    {
        counts = counts[..Rows];
        counts[row..].Clear();
        fixed (int* counters = counts, rows = _rows)
            for (var i = _first[row]; i < _first[row + 1]; i++)
                Count(counters, rows + _place[i], rows + _historyEnd[_person[i]]);
    }

    /// <summary>Counts a whole row.</summary>
    /// <param name="row">Row.</param>
    /// <param name="counts">One counter per row.</param>
    public void CountRow(int row, Span<int> counts)
    {
        counts = counts[..Rows];
        counts.Clear();
        fixed (int* counters = counts, rows = _rows)
            for (var i = _first[row]; i < _first[row + 1]; i++)
                Count(counters, rows + (_person[i] == 0 ? 0 : _historyEnd[_person[i] - 1]), rows + _historyEnd[_person[i]]);
    }

    private static void Count(int* counters, int* from, int* to)
    {
        for (; from != to; from++)
            counters[*from]++;
    }

    private void FillPeople(Histories histories, ReadOnlySpan<int> row)
    {
        var next = _first.AsSpan(0, Rows).ToArray();
        for (var person = 0; person < histories.Users; person++)
            foreach (var movie in histories.Of(person))
                if (row[movie] >= 0)
                    _person[next[row[movie]]++] = person;
    }

    /// <summary>Going through the rows in order gives every person's rows in order: no sort is needed.</summary>
    private void FillRows()
    {
        var next = new int[_historyEnd.Length];
        for (var person = 1; person < next.Length; person++)
            next[person] = _historyEnd[person - 1];
        for (var row = 0; row < Rows; row++)
            for (var i = _first[row]; i < _first[row + 1]; i++)
            {
                _place[i] = next[_person[i]]++;
                _rows[_place[i]] = row;
            }
    }
}
