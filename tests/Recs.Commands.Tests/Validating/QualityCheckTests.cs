using Recs.Commands.Importing;
using Recs.Commands.Validating;
using Recs.Contracts.Quality;

namespace Recs.Commands.Tests.Validating;

public sealed class QualityCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_clean_batch_holds_every_check() => Judge(Batch()).ShouldAllBe(c => c.Held);

    [Fact]
    public void Every_check_is_reported_whatever_it_found()
        => Judge(Batch(rejects: 10, reason: RejectReasons.BadRating)).Select(c => c.Name).ShouldBe(QualityChecks.Names);

    [Theory]
    [InlineData(RejectReasons.WrongFieldCount, "schema")]
    [InlineData(RejectReasons.BadMovieId, "schema")]
    [InlineData(RejectReasons.FailedRequest, "schema")]
    [InlineData(RejectReasons.BadRating, "ranges")]
    [InlineData(RejectReasons.BadTimestamp, "ranges")]
    [InlineData(RejectReasons.BadMinute, "ranges")]
    [InlineData(RejectReasons.UnknownMovie, "known-ids")]
    [InlineData(RejectReasons.Erased, "known-ids")]
    [InlineData(RejectReasons.RepeatedId, "duplicates")]
    public void One_rejected_row_breaks_the_check_of_its_reason_alone(string reason, string check)
    {
        var broken = Judge(Batch(rejects: 1, reason: reason)).Where(c => !c.Held).ToList();

        broken.Select(c => c.Name).ShouldBe([check]);
        broken[0].Detail.ShouldContain("1 ");
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void Duplicates_hold_up_to_their_share(long duplicates, bool held) => Held("duplicates", Batch(duplicates: duplicates)).ShouldBe(held);

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void Late_rows_hold_up_to_their_share(long late, bool held) => Held("time-order", Batch() with { Order = new(100, late) }).ShouldBe(held);

    [Fact]
    public void Order_is_not_judged_where_the_format_promises_none() => Held("time-order", Batch() with { Order = null }).ShouldBeTrue();

    [Fact]
    public void Known_ids_are_judged_only_where_a_catalogue_comes_with_the_rows()
    {
        Judge(Batch()).Single(c => c.Name == "known-ids").ShouldSatisfyAllConditions(c => c.Judged.ShouldBeFalse(), c => c.Held.ShouldBeTrue(), c => c.Detail.ShouldStartWith("Not judged: no catalogue"));
        Judge(Batch() with { HasCatalogue = true }).Single(c => c.Name == "known-ids").ShouldSatisfyAllConditions(c => c.Judged.ShouldBeTrue(), c => c.Held.ShouldBeTrue());
        Judge(Batch(rejects: 1, reason: RejectReasons.Erased)).Single(c => c.Name == "known-ids").Judged.ShouldBeTrue();
    }

    [Fact]
    public void What_has_nothing_to_be_judged_by_says_so()
        => QualityChecks.Judge(Batch() with { Order = null, Newest = null, DuplicatesAreItsOwn = false }, QualityThresholds.Default, null, Now).Where(c => !c.Judged).Select(c => c.Name)
            .ShouldBe(["known-ids", "duplicates", "time-order", "freshness", "volume"]);

    [Theory]
    [InlineData(90, true)]
    [InlineData(89, false)]
    public void The_least_known_field_decides_about_completeness(long known, bool held)
        => Held("completeness", Batch() with { Coverage = [new("year", 100, 100), new("genres", 100, known)] }).ShouldBe(held);

    [Fact]
    public void A_file_without_a_row_that_can_be_read_is_not_complete()
    {
        var files = new FileRows[] { new("movies.dat", 3, 0, 3), new("ratings.dat", 97, 0, 0) };

        Held("completeness", Batch() with { Files = files }).ShouldBeFalse();
    }

    [Theory]
    [InlineData(-2.0, false)]
    [InlineData(-0.9, true)]
    [InlineData(7.0, true)]
    [InlineData(7.1, false)]
    public void Freshness_asks_for_the_age_and_never_for_the_future(double daysAgo, bool held)
        => Held("freshness", Batch() with { Newest = Now.AddDays(-daysAgo) }, new() { MaxAge = TimeSpan.FromDays(7) }).ShouldBe(held);

    [Fact]
    public void Any_age_is_fresh_unless_a_limit_is_set() => Held("freshness", Batch() with { Newest = DateTimeOffset.UnixEpoch }).ShouldBeTrue();

    [Theory]
    [InlineData(70, true)]
    [InlineData(69, false)]
    [InlineData(130, true)]
    [InlineData(131, false)]
    public void Volume_is_compared_with_the_median_of_earlier_batches(long rows, bool held)
        => QualityChecks.Judge(Batch(rows: rows), QualityThresholds.Default, [5, 100, 4_000], Now).Single(c => c.Name == "volume").Held.ShouldBe(held);

    [Fact]
    public void The_first_batch_of_a_source_has_nothing_to_be_compared_with()
        => QualityChecks.Judge(Batch(), QualityThresholds.Default, [], Now).Single(c => c.Name == "volume").Held.ShouldBeTrue();

    [Theory]
    [InlineData(null, true)]
    [InlineData(0.07, true)]
    [InlineData(0.069, false)]
    public void Exactly_the_limit_of_rejects_is_allowed(double? limit, bool held)
    {
        var batch = Batch(rejects: 7, reason: RejectReasons.BadRating);

        Held("reject-rate", batch, new() { MaxRejectRate = limit }).ShouldBe(held);
        batch.IsOver(limit).ShouldBe(!held);
        (batch.Refusal(limit) is null).ShouldBe(held);
    }

    private static BatchFindings Batch(long rows = 100, long duplicates = 0, long rejects = 0, string reason = "") => new()
    {
        Format = "interactions",
        Files = [new("log.csv", rows, duplicates, rejects)],
        Reasons = rejects == 0 ? new Dictionary<string, long>() : new Dictionary<string, long> { [reason] = rejects },
        Oldest = Now.AddDays(-1),
        Newest = Now.AddHours(-1),
        Order = new(rows, 0),
    };

    private static IReadOnlyList<QualityCheck> Judge(BatchFindings batch, QualityThresholds? limits = null) => QualityChecks.Judge(batch, limits ?? QualityThresholds.Default, [100], Now);

    private static bool Held(string check, BatchFindings batch, QualityThresholds? limits = null) => Judge(batch, limits).Single(c => c.Name == check).Held;
}
