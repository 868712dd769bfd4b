namespace Recs.Contracts.Snapshots;

/// <summary>What a snapshot leaves out.</summary>
/// <param name="Sources">Only facts of these imports' sources (and no facts born live); null: every fact.</param>
public sealed record SnapshotFilters(IReadOnlyList<string>? Sources = null);

/// <summary>A data set was pinned: the log up to a position, filtered. Stream <c>snapshot-{SnapshotId}</c>.</summary>
/// <param name="SnapshotId">Name of the snapshot.</param>
/// <param name="ThroughSequence">Last log position that it contains.</param>
/// <param name="Filters">What was left out.</param>
/// <param name="Count">Interactions (ratings and watches) in it.</param>
/// <param name="Users">Distinct users among them.</param>
/// <param name="Movies">Distinct movies among them.</param>
/// <param name="Sha256">Digest of the canonical bytes, lower-case hexadecimal.</param>
/// <param name="At">When it was taken.</param>
/// <param name="GenresSha256">Digest of the movies' genres as of that position, lower-case hexadecimal; null in a snapshot taken before they were part of it.</param>
/// <param name="DemographicsSha256">Digest of what was known about its users as of that position, lower-case hexadecimal; null in a snapshot taken before it was part of it, which has no demographics.</param>
/// <param name="TitlesSha256">Digest of the movies' titles as of that position, lower-case hexadecimal; null in a snapshot taken before they were part of it, which has no titles.</param>
public sealed record SnapshotTaken(
    string SnapshotId, long ThroughSequence, SnapshotFilters Filters, long Count, int Users, int Movies, string Sha256, DateTimeOffset At,
    string? GenresSha256 = null, string? DemographicsSha256 = null, string? TitlesSha256 = null);
