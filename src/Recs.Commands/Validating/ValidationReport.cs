using Recs.Commands.Importing;
using Recs.Contracts.Quality;

namespace Recs.Commands.Validating;

/// <summary>What validating an input found: the fields of an import's summary, with <c>CleanRows</c> the rows that an import into an empty log would store.</summary>
public sealed record ValidationReport
{
    /// <summary>Name of the input.</summary>
    public required string Source { get; init; }
    /// <summary>Format that was read.</summary>
    public required string Format { get; init; }
    /// <summary>Data rows of all files.</summary>
    public required long InputRows { get; init; }
    /// <summary>Rows that can be stored.</summary>
    public required long CleanRows { get; init; }
    /// <summary>Rows that repeat an earlier row of the input.</summary>
    public required long DuplicateRows { get; init; }
    /// <summary>Rows that were not taken.</summary>
    public required long RejectRows { get; init; }
    /// <summary>Rejected share of the input, 0 to 1.</summary>
    public required double RejectRate { get; init; }
    /// <summary>Rejected rows by reason.</summary>
    public required IReadOnlyDictionary<string, long> Reasons { get; init; }
    /// <summary>Seconds from the first byte read to the last check.</summary>
    public required double Seconds { get; init; }
    /// <summary>Rows read per second.</summary>
    public required double EventsPerSecond { get; init; }
    /// <summary>The files.</summary>
    public required IReadOnlyList<ImportedFile> Files { get; init; }
    /// <summary>Verdicts of the checks.</summary>
    public required IReadOnlyList<QualityCheck> Checks { get; init; }
    /// <summary>Limit of rejected rows that the caller set; null for none.</summary>
    public required double? MaxRejectRate { get; init; }
    /// <summary>Whether an import with the same limit would take it.</summary>
    public required bool Accepted { get; init; }
    /// <summary>The first rejected rows, in the order of reading.</summary>
    public required IReadOnlyList<Reject> FirstRejects { get; init; }

    /// <summary>The report on a batch.</summary>
    internal static ValidationReport Of(
        string source, BatchFindings batch, IReadOnlyList<QualityCheck> checks, double? maxRejectRate, double seconds, IReadOnlyList<Reject> firstRejects) => new()
        {
            Source = source,
            Format = batch.Format,
            InputRows = batch.InputRows,
            CleanRows = batch.CleanRows,
            DuplicateRows = batch.DuplicateRows,
            RejectRows = batch.RejectRows,
            RejectRate = batch.RejectRate,
            Reasons = batch.Reasons,
            Seconds = seconds,
            EventsPerSecond = seconds > 0 ? batch.InputRows / seconds : 0,
            Files = [.. batch.Files.Select(f => new ImportedFile(f.Name, f.InputRows, f.InputRows - f.DuplicateRows - f.RejectRows, f.DuplicateRows, f.RejectRows))],
            Checks = checks,
            MaxRejectRate = maxRejectRate,
            Accepted = !batch.IsOver(maxRejectRate),
            FirstRejects = firstRejects,
        };
}
