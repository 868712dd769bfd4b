using Recs.Training.Snapshots;

namespace Recs.Training.Exporting.Rows;

/// <summary>
/// The ids that a snapshot's interactions name. PostgreSQL finds them by itself, so that no id is kept here; only where bodies of an older shape may be in the log, which SQL
/// cannot read, are they collected.
/// </summary>
internal sealed class SeenIds(string schema, SnapshotScope scope)
{
    private readonly SortedSet<string> _users = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _movies = new(StringComparer.Ordinal);
    private bool _collected;

    /// <summary>From now on ids are collected.</summary>
    public void Collect() => _collected = true;

    /// <summary>Notes an interaction's ids.</summary>
    public void Note(string userId, string movieId)
    {
        _users.Add(userId);
        _movies.Add(movieId);
    }

    /// <summary>A query of the distinct ids as <c>id</c>, and its parameter if it has one.</summary>
    public (string Sql, string[]? Parameter) Users => Query("UserId", _users);
    /// <summary>A query of the distinct ids as <c>id</c>, and its parameter if it has one.</summary>
    public (string Sql, string[]? Parameter) Movies => Query("MovieId", _movies);

    private (string Sql, string[]? Parameter) Query(string property, SortedSet<string> ids) => _collected
        ? ("select unnest($1) as id", [.. ids])
        : ($"select distinct data->>'{property}' as id from {schema}.mt_events where {scope.Sql}", null);
}
