using System.Diagnostics;
using Npgsql;
using Recs.Commands.Importing.Formats;
using Recs.EventStore;
using Recs.EventStore.Importing;

namespace Recs.Commands.Importing.Movielog;

/// <summary>
/// Imports a movielog of any size in constant memory: ranges of lines in the order of the file, each sorted by (time, line). A killed import goes on where it
/// was; a second run adds nothing; every line is stored, a duplicate, or kept as rejected.
/// </summary>
internal sealed class ImportMovielog(NpgsqlDataSource source, EventStoreOptions options)
{
    private const int RangeLines = 20_000;

    /// <summary>Imports a file.</summary>
    /// <param name="path">File.</param>
    /// <param name="how">Options.</param>
    /// <param name="progress">Told after each range, in bytes.</param>
    /// <param name="cancel">Stops at once; the next run goes on from there.</param>
    /// <exception cref="ImportInputException">The file cannot be read; nothing was stored.</exception>
    public async Task<ImportSummary> RunAsync(string path, ImportOptions how, IProgress<ImportProgress>? progress, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        using var file = new MovielogFile(path);
        var key = how.KeyOf(file.Name, DataSetReader.Digest(path, DataSetFormat.Movielog));
        var named = how.SourceOf(file.Name);
        var register = new ImportRegister(source, options);
        var (run, resumes) = await register.BeginAsync(key, named, file.Name, DataSetFormats.NameOf(DataSetFormat.Movielog), how.UserPrefix, cancel);
        var tables = new ImportTables(source, options, key);
        if (!resumes) await tables.ForgetAsync(cancel);

        var (refused, judged) = Judge(path, how.MaxRejectRate, key, cancel);
        var stored = refused is null ? await StoreAsync(file, key, named, $"import-run:{run}", resumes, how.UserPrefix, tables, progress, cancel) : null;
        var tally = refused is null ? await tables.ReadAsync(cancel) : judged;
        var summary = Summarise(file, key, named, tally, clock.Elapsed.TotalSeconds, stored, refused);
        await register.EndAsync(run, summary, cancel);
        return summary;
    }

    private async Task<Stored> StoreAsync(
        MovielogFile file, string key, string named, string causationId, bool resumes, string userPrefix, ImportTables tables,
        IProgress<ImportProgress>? progress, CancellationToken cancel)
    {
        var origin = new ImportOrigin($"import:{named}:{key[..8]}", causationId);
        var bulk = new BulkImport(source, options);
        if (!resumes) await bulk.RestartAsync([key], cancel);
        var before = (await tables.ReadAsync(cancel)).GetValueOrDefault(ImportTables.Stored);
        var clock = Stopwatch.StartNew();
        var input = new MovielogStream(key, file, userPrefix, origin, new MetMovies(source, options.Schema, origin), tables);
        var result = await bulk.RunAsync(input, progress, rangeSize: RangeLines, cancel: cancel);
        return new(result, before, clock.Elapsed.TotalSeconds);
    }

    /// <summary>With a limit the file is read twice: over it, the rejects are kept and nothing else.</summary>
    private (string? Refused, Dictionary<string, long> Tally) Judge(string path, double? maxRejectRate, string key, CancellationToken cancel)
    {
        var tally = new Dictionary<string, long>(StringComparer.Ordinal);
        if (maxRejectRate is not { } limit) return (null, tally);
        var rows = MovielogRejects.Find(path, new RejectCounts(), cancel);
        if ((double)rows.RejectRows / Math.Max(1, rows.InputRows) is var rate && rate <= limit) return (null, tally);
        var table = new RejectTable(source, options, key);
        var counts = new RejectCounts(table);
        MovielogRejects.Find(path, counts, cancel);
        table.Flush();
        tally = new(counts.ByReason) { [ImportTables.Rows] = rows.InputRows };
        return ($"{rate:P2} of the rows were rejected, over the limit of {limit:P2}: nothing was stored.", tally);
    }

    private static ImportSummary Summarise(
        MovielogFile file, string key, string named, Dictionary<string, long> tally, double seconds, Stored? stored, string? refused)
    {
        var reasons = new SortedDictionary<string, long>(tally.Where(t => !ImportTables.IsCount(t.Key)).ToDictionary(), StringComparer.Ordinal);
        long Of(string name) => tally.GetValueOrDefault(name);
        return new()
        {
            Source = named,
            Format = DataSetFormats.NameOf(DataSetFormat.Movielog),
            Key = key,
            Reasons = reasons,
            Seconds = seconds,
            EventsPerSecond = stored is null ? 0 : (Of(ImportTables.Stored) + Of(ImportTables.Duplicates) - stored.Before) / Math.Max(stored.Seconds, 1e-3),
            Files = [new(file.Name, Of(ImportTables.Rows), Of(ImportTables.Stored), Of(ImportTables.Duplicates), reasons.Values.Sum())],
            UsersMet = 0,
            InferredMovies = Of(ImportTables.Movies),
            ResumedFrom = stored is { Result.ResumedFrom: > 0 } ? stored.Before : 0,
            Refused = refused,
            Note = stored is { Result.InParallel: false } ? ImportDataSet.SlowerNote : null,
        };
    }

    /// <param name="Result">What the store says.</param>
    /// <param name="Before">Lines that an earlier, killed run had stored.</param>
    /// <param name="Seconds">From the first append until the tables were analysed.</param>
    private sealed record Stored(ImportResult Result, long Before, double Seconds);
}
