using Recs.Commands.DefiningMetrics;

namespace Recs.Commands.Tests.DefiningMetrics;

public sealed class DefineMetricTests
{
    private static readonly MetricRequest Liked = new("liked", ["rated"], TimeSpan.FromHours(24), "slate", 4, null, "stars say more than clicks");

    public static TheoryData<string, MetricRequest> Refused => new()
    {
        { "name", Liked with { Name = "Liked" } },
        { "name", Liked with { Name = "session-length" } },
        { "counts one or more", Liked with { Outcomes = [] } },
        { "counts one or more", Liked with { Outcomes = ["applauded"] } },
        { "unit", Liked with { Unit = "user" } },
        { "window", Liked with { Window = TimeSpan.Zero } },
        { "window", Liked with { Window = TimeSpan.FromDays(7.1) } },
        { "window", Liked with { Window = TimeSpan.FromSeconds(1.5) } },
        { "predicted ratings", Liked with { Unit = "rating" } },
        { "minimal rating", Liked with { MinimalRating = 5.5 } },
        { "minimal rating", Liked with { Outcomes = ["opened"] } },
        { "Minimal minutes", Liked with { MinimalMinutes = 2 } },
        { "reason", Liked with { Reason = " " } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_counted_is_refused_with_the_reason(string says, MetricRequest request)
        => Should.Throw<ArgumentException>(() => DefineMetric.Decide(request, "tests", DateTimeOffset.UnixEpoch)).Message.ShouldContain(says, Case.Insensitive);

    [Fact]
    public void A_definition_holds_what_was_asked_for_with_the_outcomes_in_one_order()
    {
        var defined = DefineMetric.Decide(Liked with { Outcomes = ["rated", "watched", "rated"], MinimalMinutes = 5 }, "tests", DateTimeOffset.UnixEpoch);
        defined.Outcomes.ShouldBe(["watched", "rated"]);
        (defined.Name, defined.WindowSeconds, defined.Unit, defined.MinimalRating, defined.MinimalMinutes, defined.By, defined.At)
            .ShouldBe(("liked", 86_400, "slate", 4, 5, "tests", DateTimeOffset.UnixEpoch));
    }
}
