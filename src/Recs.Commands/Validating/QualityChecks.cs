using System.Globalization;
using Recs.Commands.Importing;
using Recs.Contracts.Quality;

namespace Recs.Commands.Validating;

/// <summary>The checks of a batch. Pure: findings, limits, earlier batches and the time go in, verdicts come out.</summary>
public static class QualityChecks
{
    /// <summary>Names of the checks, in the order in which they are reported.</summary>
    public static readonly IReadOnlyList<string> Names = ["schema", "ranges", "known-ids", "duplicates", "time-order", "completeness", "freshness", "volume", "reject-rate"];

    private static readonly HashSet<string> OfRanges =
    [
        RejectReasons.BadRating, RejectReasons.BadTimestamp, RejectReasons.BadAge, RejectReasons.BadMinute, RejectReasons.BadStatus, RejectReasons.BadLatency, RejectReasons.BadYear,
        RejectReasons.BadRuntime,
    ];

    private static readonly HashSet<string> OfKnownIds = [RejectReasons.UnknownMovie, RejectReasons.Erased];

    /// <summary>Judges a batch.</summary>
    /// <param name="batch">What reading it found.</param>
    /// <param name="limits">From where on a check does not hold.</param>
    /// <param name="earlierRows">Rows of the same source's earlier batches; null where nobody knows them.</param>
    /// <param name="now">The present, for the age of the newest fact.</param>
    public static IReadOnlyList<QualityCheck> Judge(BatchFindings batch, QualityThresholds limits, IReadOnlyList<long>? earlierRows, DateTimeOffset now)
        =>
        [
            OfReasons("schema", "fields, types and ids as the format has them", batch, reason => CheckOf(reason) == "schema"),
            OfReasons("ranges", "values within their ranges", batch, reason => CheckOf(reason) == "ranges"),
            KnownIds(batch),
            Duplicates(batch, limits), TimeOrder(batch, limits), Completeness(batch, limits), Freshness(batch, limits, now),
            Volume(batch.InputRows, limits, earlierRows), RejectRate(batch, limits),
        ];

    /// <summary>The check that a reject reason belongs to.</summary>
    public static string CheckOf(string reason)
        => OfRanges.Contains(reason) ? "ranges" : OfKnownIds.Contains(reason) ? "known-ids" : reason == RejectReasons.RepeatedId ? "duplicates" : "schema";

    private static QualityCheck OfReasons(string name, string expected, BatchFindings batch, Func<string, bool> belongs)
    {
        var found = batch.Reasons.Where(r => r.Value > 0 && belongs(r.Key)).OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal).ToList();
        return found.Count == 0
            ? new(name, true, $"Every row has {expected}.")
            : new(name, false, $"{Count(found.Sum(r => r.Value))} of {Count(batch.InputRows)} rows: {string.Join(", ", found.Select(r => $"{Count(r.Value)} {r.Key}"))}; expected {expected}.");
    }

    /// <summary>Ids are known or not only where the batch brings the catalogue that they refer to.</summary>
    private static QualityCheck KnownIds(BatchFindings batch)
    {
        var judged = OfReasons("known-ids", "only ids that the catalogue knows", batch, reason => CheckOf(reason) == "known-ids");
        return !judged.Held || batch.HasCatalogue ? judged : NotJudged("known-ids", "no catalogue comes with these rows, so nobody knows which ids there are.");
    }

    private static QualityCheck NotJudged(string name, string why) => new(name, true, $"Not judged: {why}", Judged: false);

    private static QualityCheck Duplicates(BatchFindings batch, QualityThresholds limits)
    {
        if (!batch.DuplicatesAreItsOwn)
            return NotJudged("duplicates", $"{Count(batch.DuplicateRows)} rows repeat an earlier row or say what the log said already.");
        var contradicting = batch.Reasons.Where(r => CheckOf(r.Key) == "duplicates").Sum(r => r.Value);
        var share = Share(batch.DuplicateRows, batch.InputRows);
        return new(
            "duplicates", contradicting == 0 && share <= limits.MaxDuplicateShare,
            $"{Count(batch.DuplicateRows)} rows ({Percent(share)}) repeat an earlier row, at most {Percent(limits.MaxDuplicateShare)} expected"
            + (contradicting == 0 ? "." : $"; {Count(contradicting)} rows give a known id other content."));
    }

    private static QualityCheck TimeOrder(BatchFindings batch, QualityThresholds limits)
    {
        if (batch.Order is not { } order)
            return NotJudged("time-order", $"format {batch.Format} promises no order. Rows are sorted when they are stored.");
        var share = Share(order.Late, order.Rows);
        return new(
            "time-order", share <= limits.MaxLateShare,
            $"{Count(order.Late)} of {Count(order.Rows)} rows ({Percent(share)}) are more than {limits.LateAfter.TotalMinutes:0.#} minutes late, at most {Percent(limits.MaxLateShare)} expected.");
    }

    private static QualityCheck Completeness(BatchFindings batch, QualityThresholds limits)
    {
        if (batch.Files.FirstOrDefault(f => f.InputRows - f.RejectRows == 0) is { } empty)
            return new("completeness", false, $"{empty.Name} has {(empty.InputRows == 0 ? "no row" : "no row that can be read")}, at least one expected.");
        if (batch.Coverage.Count == 0)
            return new("completeness", true, "Every file has rows; the format has no optional field.");
        var poorest = batch.Coverage.OrderBy(c => Share(c.Known, c.Rows)).ThenBy(c => c.Name, StringComparer.Ordinal).First();
        var share = Share(poorest.Known, poorest.Rows);
        return new(
            "completeness", share >= limits.MinKnownShare,
            $"Every file has rows. Least known field: {poorest.Name}, in {Count(poorest.Known)} of {Count(poorest.Rows)} rows ({Percent(share)}), at least {Percent(limits.MinKnownShare)} expected.");
    }

    private static QualityCheck Freshness(BatchFindings batch, QualityThresholds limits, DateTimeOffset now)
    {
        if (batch.Newest is not { } newest)
            return NotJudged("freshness", "no row has a time.");
        var age = now - newest;
        var fresh = age <= (limits.MaxAge ?? TimeSpan.MaxValue) && age >= -limits.MaxAhead;
        var expected = limits.MaxAge is { } most ? $"at most {most.TotalDays:0.##} d" : $"at most {limits.MaxAhead.TotalDays:0.##} d ahead";
        return new("freshness", fresh, $"The newest fact is of {newest.ToString("u", CultureInfo.InvariantCulture)}, {Math.Abs(age.TotalDays):0.#} d {(age < TimeSpan.Zero ? "ahead" : "ago")}, {expected} expected.");
    }

    private static QualityCheck Volume(long rows, QualityThresholds limits, IReadOnlyList<long>? earlier)
    {
        if (earlier is null)
            return NotJudged("volume", "earlier batches are known only to the log.");
        if (earlier.Count == 0)
            return NotJudged("volume", $"this source has no batch before these {Count(rows)} rows.");
        var median = earlier.Order().ElementAt(earlier.Count / 2);
        var change = median == 0 ? rows == 0 ? 0 : 1 : (double)(rows - median) / median;
        return new(
            "volume", Math.Abs(change) <= limits.MaxVolumeChange,
            $"{Count(rows)} rows against {Count(median)}, the median of {earlier.Count} earlier batches: {change:+0.0 %;-0.0 %;0 %}, at most {Percent(limits.MaxVolumeChange)} either way expected.");
    }

    private static QualityCheck RejectRate(BatchFindings batch, QualityThresholds limits) => new(
        "reject-rate", !batch.IsOver(limits.MaxRejectRate),
        $"{Count(batch.RejectRows)} of {Count(batch.InputRows)} rows ({Percent(batch.RejectRate)}) were rejected, {(limits.MaxRejectRate is { } most ? $"at most {Percent(most)} allowed" : "no limit set")}.");

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;

    private static string Count(long rows) => rows.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
