using System.Collections.Concurrent;

namespace Recs.Queries.Catalogue;

/// <summary>
/// Numbers movie ids, once per process, so that users' histories and models can be joined by array look-ups. The numbers mean nothing outside this
/// process: they are never stored, and no order depends on them.
/// </summary>
public sealed class MovieNumbers
{
    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Lock _growing = new();
    private string[] _ids = new string[4096];
    private int _count;

    /// <summary>How many ids have a number: they are 0 to Count - 1.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The id's number; a new one if it has none.</summary>
    public int Of(string movieId) => _numbers.TryGetValue(movieId, out var number) ? number : Add(movieId);

    /// <summary>The id's number, or -1 if nobody has named it yet.</summary>
    public int Find(string movieId) => _numbers.TryGetValue(movieId, out var number) ? number : -1;

    /// <summary>The id that has the number.</summary>
    public string IdOf(int number) => Volatile.Read(ref _ids)[number];

    private int Add(string movieId)
    {
        lock (_growing)
        {
            if (_numbers.TryGetValue(movieId, out var number))
                return number;
            number = _count;
            if (number == _ids.Length)
            {
                var longer = new string[number * 2];
                _ids.CopyTo(longer, 0);
                Volatile.Write(ref _ids, longer);
            }
            _ids[number] = movieId;
            Volatile.Write(ref _count, number + 1);
            _numbers[movieId] = number;
            return number;
        }
    }
}
