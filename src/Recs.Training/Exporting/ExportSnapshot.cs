using System.Data;
using Npgsql;
using Recs.Contracts.Snapshots;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.Training.Exporting.Rows;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;

namespace Recs.Training.Exporting;

/// <summary>What to export.</summary>
/// <param name="SnapshotId">Name of the snapshot.</param>
/// <param name="Format">How to write its tables.</param>
/// <param name="Compression">How to compress the files.</param>
/// <param name="WithZip">Also the people's zip codes, which with age, gender and occupation come close to naming them.</param>
public sealed record ExportRequest(string SnapshotId, ExportFormat Format, ExportCompression Compression, bool WithZip = false);

/// <summary>
/// Writes a snapshot's interactions, movies and people as files, in constant memory: what a trainer that does not speak to this database reads. All three come from one state
/// of the database. The movies and people are those of the interactions, with what was known about them at the snapshot's position.
/// </summary>
public sealed class ExportSnapshot(NpgsqlDataSource source, EventStoreOptions options, EventTypes types, FindSnapshot find, CodeRevision code)
{
    private const int ManifestVersion = 1;

    /// <summary>Exports.</summary>
    /// <param name="request">What.</param>
    /// <param name="directory">A folder or mount; made if it does not exist.</param>
    /// <param name="progress">Told the rows written and the rows there will be.</param>
    /// <param name="cancel">Stops; nothing stays behind.</param>
    /// <exception cref="ArgumentException">There is no such snapshot.</exception>
    /// <exception cref="InvalidDataException">The log no longer gives the snapshot, or holds an event that is no rating or watch.</exception>
    public async Task<StoredExport> RunAsync(ExportRequest request, string directory, IProgress<(long Done, long Total)>? progress = null, CancellationToken cancel = default)
    {
        var snapshot = await find.ExistingAsync(request.SnapshotId, cancel);
        using var folder = new ExportFolder(directory, request.Format, request.Compression, TimeProvider.System.GetUtcNow()); // files live in the machine's time, whatever the log's is
        await WriteAsync(folder, snapshot, request.WithZip, progress, cancel);
        return folder.Publish(new(
            ManifestVersion, snapshot.SnapshotId, snapshot.ThroughSequence, snapshot.Filters, snapshot.Sha256, code.Revision, code.Dirty, request.Format, request.Compression,
            [.. folder.Files.OrderBy(f => f.Name, StringComparer.Ordinal)]));
    }

    private async Task WriteAsync(ExportFolder folder, SnapshotTaken snapshot, bool withZip, IProgress<(long Done, long Total)>? progress, CancellationToken cancel)
    {
        var scope = new SnapshotScope(snapshot.ThroughSequence, snapshot.Filters);
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var sameState = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var seen = new SeenIds(options.Schema, scope);
        var interactions = await folder.WriteAsync(
            InteractionRows.Schema, table => new InteractionRows(table, connection, options.Schema, types, scope, seen, Progress(progress, snapshot.Count)).WriteAsync(cancel));
        var movies = await folder.WriteAsync(MovieRows.Schema, table => new MovieRows(table, new LatestFacts(connection, options.Schema, types, scope)).WriteAsync(seen, cancel));
        var users = await folder.WriteAsync(UserRows.SchemaOf(withZip), table => new UserRows(table, new LatestFacts(connection, options.Schema, types, scope), withZip).WriteAsync(seen, cancel));
        if ((interactions.Rows, movies.Rows, users.Rows) != (snapshot.Count, snapshot.Movies, snapshot.Users))
            throw new InvalidDataException(
                $"The log through {snapshot.ThroughSequence} gives {interactions.Rows} interactions of {users.Rows} people with {movies.Rows} movies, but snapshot '{snapshot.SnapshotId}' has "
                + $"{snapshot.Count} of {snapshot.Users} with {snapshot.Movies}: an event before that position was altered, added or removed. Take another snapshot and export that.");
    }

    private static Action<long>? Progress(IProgress<(long Done, long Total)>? progress, long total)
        => progress is null ? null : done => progress.Report((done, total));
}
