using Recs.Commands.Validating;

namespace Recs.Commands.Tests.Validating;

public sealed class LogOrderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(5, 0)]
    [InlineData(6, 1)]
    public void A_line_is_late_only_past_the_allowed_minutes(int minutesBack, long late) => Follow(0, -minutesBack).Rows.ShouldBe(new LateRows(2, late));

    [Fact]
    public void One_wrong_clock_does_not_make_all_lines_after_it_late()
    {
        var order = Follow(0, 1, 60 * 24 * 365, 2, 3);

        order.Rows.Late.ShouldBe(0);
        order.Newest.ShouldBe(Noon.AddMinutes(3));
    }

    [Fact]
    public void A_gap_that_a_second_line_confirms_is_the_logs_time()
    {
        var order = Follow(0, 60 * 24 * 30, 60 * 24 * 30 + 1, 1);

        order.Newest.ShouldBe(Noon.AddDays(30).AddMinutes(1));
        order.Rows.Late.ShouldBe(1);
        order.Oldest.ShouldBe(Noon);
    }

    private static LogOrder Follow(params int[] minutes)
    {
        var order = new LogOrder(TimeSpan.FromMinutes(5));
        foreach (var minute in minutes) order.Add(Noon.AddMinutes(minute).Ticks);
        return order;
    }
}
