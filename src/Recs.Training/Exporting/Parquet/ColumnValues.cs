using System.Buffers;
using System.Runtime.InteropServices;

namespace Recs.Training.Exporting.Parquet;

/// <summary>
/// The values of a column in one row group, nulls left out: distinct entries in the order of their first appearance, and for each value the number of its entry.
/// Once so many values are distinct that a dictionary would not pay, nothing is looked up any more and every value becomes an entry of its own.
/// </summary>
internal abstract class ColumnValues
{
    private const int FirstLook = 1 << 12; // values; a dictionary is judged here and whenever their number has doubled since

    private readonly List<int> _indices = [];
    private long _plainBytes;
    private long _entryBytes;
    private int _look = FirstLook;

    /// <summary>Number of values.</summary>
    public int Count => _indices.Count;
    /// <summary>Number of entries.</summary>
    public abstract int Entries { get; }
    /// <summary>For each value the number of its entry.</summary>
    public ReadOnlySpan<int> Indices => CollectionsMarshal.AsSpan(_indices);
    /// <summary>Bits of a number of an entry.</summary>
    public int IndexWidth => RunLengthHybrid.WidthOf(Math.Max(0, Entries - 1));
    /// <summary>Whether the entries and their numbers take fewer bytes than the values.</summary>
    public bool DictionaryPays => Interning && _entryBytes + ((long)Count * IndexWidth / 8) < _plainBytes;

    /// <summary>Whether equal values still share an entry.</summary>
    protected bool Interning { get; private set; } = true;

    /// <summary>Writes all entries as Parquet's PLAIN encoding has them.</summary>
    public abstract void WriteEntries(IBufferWriter<byte> target);
    /// <summary>Writes some of the values in PLAIN encoding.</summary>
    public abstract void WritePlain(IBufferWriter<byte> target, int from, int count);
    /// <summary>The least and the greatest value as statistics have them; null if there is none to tell.</summary>
    public abstract (byte[] Least, byte[] Greatest)? Bounds();

    /// <summary>Forgets all values.</summary>
    public virtual void Clear()
    {
        _indices.Clear();
        (_plainBytes, _entryBytes, _look, Interning) = (0, 0, FirstLook, true);
    }

    /// <summary>Counts a value in.</summary>
    /// <param name="entry">Number of its entry.</param>
    /// <param name="bytes">What it takes in PLAIN encoding.</param>
    /// <param name="isNew">Whether the entry was made for it.</param>
    protected void Append(int entry, int bytes, bool isNew)
    {
        _indices.Add(entry);
        _plainBytes += bytes;
        _entryBytes += isNew ? bytes : 0;
        if (Count != _look)
            return;
        Interning = DictionaryPays;
        _look *= 2;
    }
}
