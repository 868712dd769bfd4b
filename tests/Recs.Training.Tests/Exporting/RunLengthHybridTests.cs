using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Recs.Training.Exporting.Parquet;

namespace Recs.Training.Tests.Exporting;

public class RunLengthHybridTests
{
    [Fact]
    public void What_is_written_can_be_read_whatever_the_numbers_and_their_width()
        => Prop.ForAll(
            (from width in Gen.Choose(0, 20)
             from runs in (from length in Gen.Choose(1, 30) from value in Gen.Choose(0, (1 << width) - 1) select (length, value)).ListOf()
             select (width, values: runs.SelectMany(r => Enumerable.Repeat(r.value, r.length)).ToArray())).ToArbitrary(),
            given =>
            {
                var bytes = new ArrayBufferWriter<byte>();
                RunLengthHybrid.Write(bytes, given.values, given.width);
                Read(bytes.WrittenSpan, given.width, given.values.Length).ShouldBe(given.values);
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_long_run_takes_a_few_bytes()
    {
        var bytes = new ArrayBufferWriter<byte>();
        RunLengthHybrid.Write(bytes, Enumerable.Repeat(1, 100_000).ToArray(), 1);
        bytes.WrittenCount.ShouldBe(4);
    }

    /// <summary>A reader by the letter of the format, bit by bit.</summary>
    private static List<int> Read(ReadOnlySpan<byte> bytes, int width, int count)
    {
        var (values, at) = (new List<int>(), 0);
        while (values.Count < count)
        {
            var (head, shift) = (0, 0);
            do
                head |= (bytes[at] & 0x7F) << shift;
            while (bytes[at++] >= 0x80 && (shift += 7) > 0);
            var isPacked = (head & 1) == 1;
            var length = isPacked ? (head >> 1) * 8 : head >> 1;
            for (var i = 0; i < length; i++)
            {
                var value = 0;
                for (var bit = 0; bit < width; bit++)
                {
                    var place = (isPacked ? i * width : 0) + bit;
                    value |= ((bytes[at + (place / 8)] >> (place % 8)) & 1) << bit;
                }

                values.Add(value);
            }

            at += isPacked ? length * width / 8 : (width + 7) / 8;
        }

        at.ShouldBe(bytes.Length);
        return values[..count];
    }
}
