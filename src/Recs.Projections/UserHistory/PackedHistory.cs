namespace Recs.Projections.UserHistory;

/// <summary>
/// The bytes of <c>read.user_history.items</c>, unfolded by <c>read.unfold_user_history</c> in SQL. One entry after the other:
/// <list type="number">
/// <item>one byte: the kind (<see cref="HistoryKind"/>), plus 0x80 where the value is no multiple of one half;</item>
/// <item>the movie id: its length in UTF-8 bytes as a varint, then the bytes;</item>
/// <item>the value: twice itself as a zigzag varint; under 0x80 its shortest exact decimal text, preceded by its length as a varint;</item>
/// <item>for a viewing: its length in minutes as a varint, and <c>LastAt - At</c> in milliseconds as a zigzag varint;</item>
/// <item><c>At</c> less the former entry's <c>At</c> (0 before the first), in milliseconds, as a zigzag varint;</item>
/// <item>the sequence less the former entry's (0 before the first), as a zigzag varint.</item>
/// </list>
/// A varint has seven bits a byte, lowest first, 0x80 where more follow; zigzag folds the sign into the lowest bit.
/// </summary>
internal static class PackedHistory
{
    private const byte Exact = 0x80;

    /// <summary>Packs the entries.</summary>
    public static byte[] Pack(IReadOnlyList<HistoryEntry> entries)
    {
        var target = new byte[256];
        var length = Pack(entries, ref target);
        return target[..length];
    }

    /// <summary>Packs the entries into <paramref name="target"/>, which grows as needed; returns the used length.</summary>
    public static int Pack(IReadOnlyList<HistoryEntry> entries, ref byte[] target)
    {
        var (at, sequence, used) = (0L, 0L, 0);
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            var need = used + 64 + entry.MovieId.Length * 3;
            if (target.Length < need) Array.Resize(ref target, Math.Max(need, target.Length * 2));
            var writer = new VarintWriter(target, used);
            Write(ref writer, entry, at, sequence);
            (at, sequence, used) = (entry.At, entry.Sequence, writer.Length);
        }
        return used;
    }

    private static void Write(ref VarintWriter writer, in HistoryEntry entry, long at, long sequence)
    {
        var halves = entry.Value * 2;
        var exact = halves != Math.Truncate(halves) || Math.Abs(halves) > int.MaxValue || (halves == 0 && double.IsNegative(halves));
        writer.Byte((byte)((byte)entry.Kind | (exact ? Exact : 0)));
        writer.Text(entry.MovieId);
        if (exact) writer.Text(entry.Value.ToString("R"));
        else writer.Signed((long)halves);
        if (entry.Kind == HistoryKind.Watched)
        {
            writer.Unsigned((ulong)entry.Minutes);
            writer.Signed(entry.LastAt - entry.At);
        }
        writer.Signed(entry.At - at);
        writer.Signed(entry.Sequence - sequence);
    }

    /// <summary>Unpacks <paramref name="count"/> entries.</summary>
    /// <exception cref="FormatException">The bytes are cut short or hold more than that.</exception>
    public static HistoryEntry[] Unpack(ReadOnlySpan<byte> packed, int count, IdPool ids)
    {
        var entries = new HistoryEntry[count];
        var (at, sequence) = (0L, 0L);
        var reader = new VarintReader(packed);
        for (var i = 0; i < count; i++)
        {
            var head = reader.Byte();
            var kind = (HistoryKind)(head & ~Exact);
            var movieId = ids[reader.Bytes((int)reader.Unsigned())];
            var value = (head & Exact) != 0 ? double.Parse(reader.Bytes((int)reader.Unsigned())) : reader.Signed() / 2.0;
            var (minutes, length) = kind == HistoryKind.Watched ? ((int)reader.Unsigned(), reader.Signed()) : (0, 0L);
            at += reader.Signed();
            sequence += reader.Signed();
            entries[i] = new(kind, movieId, value, minutes, at, at + length, sequence);
        }
        if (reader.Left != 0) throw new FormatException($"A packed history of {count} entries is followed by {reader.Left} bytes more. Rebuild UserHistory.");
        return entries;
    }
}
