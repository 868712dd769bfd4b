namespace Recs.Contracts.Quality;

/// <summary>What one check of a batch found.</summary>
/// <param name="Name">Such as <c>freshness</c>.</param>
/// <param name="Held">False if it did not hold.</param>
/// <param name="Detail">What was found and what was expected, for a person; why it was not judged.</param>
/// <param name="Judged">False if there was nothing to judge it by; then it counts as held, so that nobody is stopped by it.</param>
public sealed record QualityCheck(string Name, bool Held, string Detail, bool Judged = true);

/// <summary>Data that came in was judged, and taken or not. Stream <c>quality-{Source}</c>.</summary>
/// <param name="Source">Name of the input, as its events name it.</param>
/// <param name="Key">Identifies the content and how it was mapped; rejected rows are kept under it.</param>
/// <param name="InputRows">Rows read.</param>
/// <param name="CleanRows">Rows that can be stored.</param>
/// <param name="DuplicateRows">Rows that an earlier row, or the log, says already.</param>
/// <param name="RejectRows">Rows that were not taken.</param>
/// <param name="Reasons">Rejected rows by reason.</param>
/// <param name="Checks">Every check, whatever it found.</param>
/// <param name="MaxRejectRate">Limit that the caller set, 0 to 1; null for none.</param>
/// <param name="Accepted">Whether the batch was let in. A batch over its limit is let in by running it again with a higher one.</param>
/// <param name="At">When it was judged.</param>
public sealed record BatchValidated(
    string Source, string Key, long InputRows, long CleanRows, long DuplicateRows, long RejectRows, IReadOnlyDictionary<string, long> Reasons,
    IReadOnlyList<QualityCheck> Checks, double? MaxRejectRate, bool Accepted, DateTimeOffset At);
