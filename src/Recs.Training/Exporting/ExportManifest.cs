using System.Text.Json.Serialization;
using Recs.Contracts.Snapshots;

namespace Recs.Training.Exporting;

/// <summary>How an export's tables are written.</summary>
public enum ExportFormat
{
    /// <summary>Comma-separated values.</summary>
    [JsonStringEnumMemberName("csv")]
    Csv,
    /// <summary>Apache Parquet.</summary>
    [JsonStringEnumMemberName("parquet")]
    Parquet,
}

/// <summary>How an export's files are compressed.</summary>
public enum ExportCompression
{
    /// <summary>Not at all.</summary>
    [JsonStringEnumMemberName("none")]
    None,
    /// <summary>gzip: a CSV file as a whole, a Parquet file page by page.</summary>
    [JsonStringEnumMemberName("gzip")]
    Gzip,
}

/// <summary>A column of an exported table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">text, int32, int64, double, boolean, timestamp (microseconds, UTC) or textList.</param>
/// <param name="Optional">Whether a value may be missing.</param>
public sealed record ExportedColumn(string Name, string Type, bool Optional);

/// <summary>A file of an export: one table.</summary>
/// <param name="Name">File name.</param>
/// <param name="Rows">Rows of the table.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Sha256">Digest of the file, lower-case hexadecimal.</param>
/// <param name="Columns">Columns, in order.</param>
public sealed record ExportedFile(string Name, long Rows, long Bytes, string Sha256, IReadOnlyList<ExportedColumn> Columns);

/// <summary>
/// What an export holds and where it came from: <c>manifest.json</c>. It has no time of its own, so that equal exports by the same code are equal byte by byte.
/// </summary>
/// <param name="Version">Version of this layout.</param>
/// <param name="Snapshot">Name of the snapshot.</param>
/// <param name="ThroughSequence">Last log position that it contains.</param>
/// <param name="Filters">What the snapshot leaves out.</param>
/// <param name="SnapshotSha256">Digest of the snapshot's canonical bytes, as <c>snapshot_taken</c> has it.</param>
/// <param name="CodeRevision">Commit of the code that exported.</param>
/// <param name="Dirty">Whether that code had uncommitted changes.</param>
/// <param name="Format">How the tables are written.</param>
/// <param name="Compression">How the files are compressed.</param>
/// <param name="Files">The files, by name.</param>
public sealed record ExportManifest(
    int Version, string Snapshot, long ThroughSequence, SnapshotFilters Filters, string SnapshotSha256, string CodeRevision, bool Dirty, ExportFormat Format,
    ExportCompression Compression, IReadOnlyList<ExportedFile> Files);

/// <summary>How the manifest is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", UseStringEnumConverter = true)]
[JsonSerializable(typeof(ExportManifest))]
internal sealed partial class ExportJson : JsonSerializerContext;
