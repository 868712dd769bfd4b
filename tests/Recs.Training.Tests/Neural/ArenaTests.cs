using Recs.Training.Neural;

namespace Recs.Training.Tests.Neural;

public class ArenaTests
{
    [Fact]
    public unsafe void Pieces_begin_at_boundaries_of_64_bytes_and_do_not_overlap()
    {
        using var arena = new Arena();
        var taken = new List<(long Start, long End)>();
        foreach (var count in (int[])[1, 16, 17, 3_000_000, 5, 900_000, 200_000, 0, 64])
        {
            var start = (long)arena.Take<float>(count);
            (start % 64).ShouldBe(0);
            taken.ShouldAllBe(piece => start >= piece.End || start + (count * 4L) <= piece.Start);
            taken.Add((start, start + (count * 4L)));
        }
    }

    [Fact]
    public unsafe void The_memory_of_one_round_serves_the_next()
    {
        using var arena = new Arena();
        Round();
        var bytes = arena.Bytes;
        for (var round = 0; round < 5; round++)
            Round();
        arena.Bytes.ShouldBe(bytes);

        void Round()
        {
            arena.Take<float>(3_000_000);
            for (var i = 0; i < 100; i++)
                arena.Take<ushort>(100_000);
            arena.Clear();
        }
    }

    [Fact]
    public unsafe void What_was_handed_out_since_a_mark_is_handed_out_again_and_what_was_before_stays()
    {
        using var arena = new Arena();
        var before = arena.TakeZeros(16);
        *before = 7;
        var mark = arena.Mark;
        var scratch = arena.Take<float>(2_000_000);
        arena.Take<float>(2_000_000);
        arena.Release(mark);
        (arena.Take<float>(2_000_000) == scratch).ShouldBeTrue();
        (*before).ShouldBe(7);
    }

    [Fact]
    public unsafe void Zeros_are_zeros_also_in_memory_that_was_used_before()
    {
        using var arena = new Arena();
        new Span<float>(arena.Take<float>(100), 100).Fill(3);
        arena.Clear();
        new Span<float>(arena.TakeZeros(100), 100).ToArray().ShouldAllBe(x => x == 0);
    }

    [Fact]
    public unsafe void A_negative_size_is_refused()
    {
        using var arena = new Arena();
        Should.Throw<OverflowException>(() => arena.TakeZeros(-1));
    }
}
