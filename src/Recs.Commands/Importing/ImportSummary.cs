using System.Text.Json.Serialization;
using Recs.Contracts.Quality;

namespace Recs.Commands.Importing;

/// <summary>What became of a file's rows: <c>CleanRows + DuplicateRows + RejectRows = InputRows</c>.</summary>
/// <param name="File">File name without its folder.</param>
/// <param name="InputRows">Data rows.</param>
/// <param name="CleanRows">Rows that were stored.</param>
/// <param name="DuplicateRows">Rows that the log, or an earlier row, said already.</param>
/// <param name="RejectRows">Rows that were not taken.</param>
public sealed record ImportedFile(string File, long InputRows, long CleanRows, long DuplicateRows, long RejectRows);

/// <summary>The outcome of an import. Rows that a killed run of the same import had stored count as stored.</summary>
public sealed record ImportSummary
{
    /// <summary>What the events name as their source.</summary>
    public required string Source { get; init; }
    /// <summary>Format that was read.</summary>
    public required string Format { get; init; }
    /// <summary>Identifies the input and its mapping.</summary>
    public required string Key { get; init; }
    /// <summary>Data rows of all files.</summary>
    public long InputRows => Files.Sum(f => f.InputRows);
    /// <summary>Rows that were stored.</summary>
    public long CleanRows => Files.Sum(f => f.CleanRows);
    /// <summary>Rows that the log, or an earlier row, said already.</summary>
    public long DuplicateRows => Files.Sum(f => f.DuplicateRows);
    /// <summary>Those of <see cref="DuplicateRows"/> that repeat an earlier row of the input; the log had the others before. Null where only the sum is known, as of a log whose import was killed.</summary>
    public long? RepeatedRows { get; init; }
    /// <summary>Rows that were not taken.</summary>
    public long RejectRows => Files.Sum(f => f.RejectRows);
    /// <summary>Rejected share of the input, 0 to 1.</summary>
    public double RejectRate => InputRows == 0 ? 0 : (double)RejectRows / InputRows;
    /// <summary>Rejected rows by reason.</summary>
    public required IReadOnlyDictionary<string, long> Reasons { get; init; }
    /// <summary>Seconds from the first byte read to the end.</summary>
    public required double Seconds { get; init; }
    /// <summary>Events per second, stored or found in the log by this run, from the first append until the tables were analysed.</summary>
    public required double EventsPerSecond { get; init; }
    /// <summary>The files.</summary>
    public required IReadOnlyList<ImportedFile> Files { get; init; }
    /// <summary>Persons of this input whom another source had brought into the log before; null of a movielog, whose persons are not counted.</summary>
    public required long? UsersMet { get; init; }
    /// <summary>Movies that were made from their ids.</summary>
    public required long InferredMovies { get; init; }
    /// <summary>Events that a killed run had stored, from which this run went on.</summary>
    public required long ResumedFrom { get; init; }
    /// <summary>Why nothing was stored, or null if the import was carried out.</summary>
    public required string? Refused { get; init; }
    /// <summary>What slowed the import down, or null.</summary>
    public required string? Note { get; init; }
    /// <summary>Verdicts of the quality checks.</summary>
    public IReadOnlyList<QualityCheck> Checks { get; init; } = [];
}

/// <summary>How a summary is written: camel case, as scripts read it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ImportSummary))]
public sealed partial class ImportJson : JsonSerializerContext;
