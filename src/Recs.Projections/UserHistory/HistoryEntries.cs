using System.Collections;
using System.Runtime.CompilerServices;

namespace Recs.Projections.UserHistory;

/// <summary>
/// An immutable list that grows at its end in amortised constant time: successors share one array, of which each sees its own first
/// part. The last entry is kept outside the array, because each minute of a viewing replaces it.
/// </summary>
internal sealed class HistoryEntries : IReadOnlyList<HistoryEntry>
{
    /// <summary>Of how many newest entries a viewing may still go on: what a person does in the pause of a film is less than that.</summary>
    public const int Open = 16;

    public static readonly HistoryEntries None = new(new Shared(0), 0, default);

    private readonly Shared _shared;
    private readonly HistoryEntry _last;

    private HistoryEntries(Shared shared, int count, in HistoryEntry last) => (_shared, Count, _last) = (shared, count, last);

    /// <summary>A list of the given entries, which the caller gives away.</summary>
    public static HistoryEntries Of(HistoryEntry[] entries)
        => entries.Length == 0 ? None : new(new Shared(entries, entries.Length - 1), entries.Length, entries[^1]);

    public int Count { get; }

    public HistoryEntry Last => Count > 0 ? _last : throw new InvalidOperationException("The history is empty.");

    public long CapacityBytes => (long)_shared.Items.Length * Unsafe.SizeOf<HistoryEntry>();

    public HistoryEntry this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return index == Count - 1 ? _last : _shared.Items[index];
        }
    }

    /// <summary>
    /// With a watched minute: in the viewing that it goes on with, which thereby becomes the last entry, or in a new one. Entries thus stay in the order of their sequences. Only
    /// a viewing that others came after is taken out of the array, which copies it; the next minute finds it at the end.
    /// </summary>
    public HistoryEntries AddMinute(string movieId, int minute, long at, long sequence)
    {
        if (_last.IsContinuedBy(movieId, minute, at)) return new(_shared, Count, _last.With(minute, at, sequence)); // no viewing while the list is empty
        for (var i = Count - 2; i >= Math.Max(0, Count - Open); i--)
            if (_shared.Items[i].IsContinuedBy(movieId, minute, at))
                return new(_shared.Without(i, Count - 1, _last), Count, _shared.Items[i].With(minute, at, sequence));
        return Add(new(HistoryKind.Watched, movieId, minute, 1, at, at, sequence));
    }

    public HistoryEntries Add(in HistoryEntry entry)
    {
        if (Count == 0) return new(new Shared(0), 1, entry);
        var settled = Count - 1;
        var shared = _shared.TryClaim(settled) ? _shared : _shared.CopyOf(settled);
        shared.Items[settled] = _last;
        return new(shared, Count + 1, entry);
    }

    public IEnumerator<HistoryEntry> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The array and how much of it is taken. A place is claimed once, by the one successor that extends the newest list; any other copies.</summary>
    private sealed class Shared(HistoryEntry[] items, int used)
    {
        private int _used = used;

        public Shared(int capacity) : this(capacity == 0 ? [] : new HistoryEntry[capacity], 0) { }

        public HistoryEntry[] Items { get; } = items;

        public bool TryClaim(int place)
            => place < Items.Length && Interlocked.CompareExchange(ref _used, place + 1, place) == place;

        public Shared CopyOf(int count)
        {
            var items = new HistoryEntry[Math.Max(4, (count + 1) * 2)];
            Items.AsSpan(0, count).CopyTo(items);
            return new(items, count + 1);
        }

        /// <summary>A copy of the first <paramref name="count"/> items without one of them, and with one more after them.</summary>
        public Shared Without(int place, int count, in HistoryEntry last)
        {
            var items = new HistoryEntry[Items.Length];
            Items.AsSpan(0, place).CopyTo(items);
            Items.AsSpan(place + 1, count - place - 1).CopyTo(items.AsSpan(place));
            items[count - 1] = last;
            return new(items, count);
        }
    }
}
