namespace Recs.EventStore.Importing;

/// <summary>
/// How far an import is, the runs that it resumes included. Where the input counts its events, <c>Stored + Duplicates = Position</c>.
/// </summary>
/// <param name="Position">Position behind the last event that is committed or known as a duplicate.</param>
/// <param name="Total">Position behind the input's last event.</param>
/// <param name="Stored">Events stored.</param>
/// <param name="Duplicates">Events that were in the log already, or earlier in the input.</param>
public readonly record struct ImportProgress(long Position, long Total, long Stored, long Duplicates);

/// <summary>The outcome of an import.</summary>
/// <param name="Progress">Counts at the end, the runs that it resumed included.</param>
/// <param name="ResumedFrom">Where this run began: 0, or where a killed run had stopped.</param>
/// <param name="InParallel">
/// Whether ranges were copied side by side. Without the right to set <c>session_replication_role</c> (superusers have it) PostgreSQL checks the
/// foreign key of
/// each row, and ranges are stored one after the other.
/// </param>
/// <param name="Conflicts">How often a live append to one of the import's streams made ranges be done again.</param>
public sealed record ImportResult(ImportProgress Progress, long ResumedFrom, bool InParallel, int Conflicts);
