using System.Buffers;

namespace Recs.Training.Exporting.Parquet;

/// <summary>
/// Parquet's hybrid of run lengths and bit packing (Apache Parquet, "Encodings", RLE = 3) for numbers of a fixed width: eight or more equal numbers become a run,
/// what lies between runs is packed in groups of eight, lowest bit first.
/// </summary>
internal static class RunLengthHybrid
{
    private const int Group = 8;

    /// <summary>Bits that hold every number from 0 to <paramref name="most"/>.</summary>
    public static int WidthOf(int most) => 32 - int.LeadingZeroCount(most);

    /// <summary>Writes numbers.</summary>
    /// <param name="target">Where they go.</param>
    /// <param name="values">Not negative, each of at most <paramref name="width"/> bits.</param>
    /// <param name="width">0 to 31 bits.</param>
    public static void Write(IBufferWriter<byte> target, ReadOnlySpan<int> values, int width)
    {
        for (var at = 0; at < values.Length;)
        {
            var run = RunAt(values, at);
            if (run >= Group)
            {
                WriteRun(target, values[at], run, width);
                at += run;
                continue;
            }

            var from = at;
            do
                at += Group;
            while (at < values.Length && !BeginsRun(values[at..]));
            at = Math.Min(at, values.Length);
            Pack(target, values[from..at], width);
        }
    }

    private static int RunAt(ReadOnlySpan<int> values, int at)
    {
        var differs = values[at..].IndexOfAnyExcept(values[at]);
        return differs < 0 ? values.Length - at : differs;
    }

    private static bool BeginsRun(ReadOnlySpan<int> values) => values.Length >= Group && !values[..Group].ContainsAnyExcept(values[0]);

    private static void WriteRun(IBufferWriter<byte> target, int value, int length, int width)
    {
        target.WriteVarint((ulong)length << 1);
        for (var bits = 0; bits < width; bits += 8)
            target.Write([(byte)(value >> bits)]);
    }

    /// <summary>Packs numbers; the last group is filled up with zeros.</summary>
    private static void Pack(IBufferWriter<byte> target, ReadOnlySpan<int> values, int width)
    {
        var groups = (values.Length + Group - 1) / Group;
        target.WriteVarint(((ulong)groups << 1) | 1);
        var bytes = groups * width; // eight numbers of w bits are w bytes
        var span = target.GetSpan(bytes + 1)[..bytes];
        span.Clear();
        var (pending, bits, at) = (0UL, 0, 0);
        foreach (var value in values)
        {
            pending |= (ulong)(uint)value << bits;
            for (bits += width; bits >= 8; bits -= 8, pending >>= 8)
                span[at++] = (byte)pending;
        }

        if (bits > 0)
            span[at] = (byte)pending;
        target.Advance(bytes);
    }
}
