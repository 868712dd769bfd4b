using System.Diagnostics;
using Npgsql;
using Recs.Commands.Importing.Formats;
using Recs.Commands.Validating;
using Recs.EventStore;
using Recs.EventStore.Importing;

namespace Recs.Commands.Importing.Movielog;

/// <summary>
/// Imports a movielog of any size in constant memory: ranges of lines in the order of the file, each sorted by (time, line). A killed import goes on where it
/// was; a second run adds nothing; every line is stored, a duplicate, or kept as rejected.
/// </summary>
internal sealed class ImportMovielog(NpgsqlDataSource source, EventStoreOptions options)
{
    private const int RangeLines = 10_000;

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
        if (file.Length == 0) throw new ImportInputException($"{path}: is empty, expected lines of a movielog.");
        var key = how.KeyOf(file.Name, DataSetReader.Digest(path, DataSetFormat.Movielog));
        var named = how.SourceOf(file.Name);
        var register = new ImportRegister(source, options);
        var (run, resumes) = await register.BeginAsync(key, named, file.Name, DataSetFormats.NameOf(DataSetFormat.Movielog), how.UserPrefix, header: null, cancel);
        var tables = new ImportTables(source, options, key);
        if (!resumes) await tables.ForgetAsync(cancel);

        var origin = new ImportOrigin($"import:{named}:{key[..8]}", $"import-run:{run}");
        var erased = await new LogLookups(source, options.Schema).ErasedPeopleAsync(how.UserPrefix, cancel);
        var order = new LogOrder(how.Quality.LateAfter);
        using var facts = new RepeatedFacts();
        var judged = Judge(path, how, erased, key, cancel);
        var refused = judged is not null && judged.IsOver(how.MaxRejectRate) ? judged.Refusal(how.MaxRejectRate) : null;
        var input = new MovielogStream(key, file, how.UserPrefix, erased, origin, new MetMovies(source, options.Schema, origin), tables, order, facts);
        var stored = refused is null ? await StoreAsync(input, resumes, tables, progress, cancel) : null;
        var tally = refused is null ? await tables.ReadAsync(cancel) : new(judged!.Reasons) { [ImportTables.Rows] = judged.InputRows };
        // Of a log whose import was killed, only the lines from there on were met.
        long? repeated = stored is null ? null : judged is not null ? judged.DuplicateRows : stored.Result.ResumedFrom == 0 ? facts.Find(_ => { }) : null;
        var summary = Summarise(file, key, named, tally, clock.Elapsed.TotalSeconds, stored, refused) with { RepeatedRows = repeated };
        var found = judged ?? FindingsOf(summary, order);
        summary = await new RecordVerdict(source, options).JudgeAsync(run, summary, found, how, origin, cancel);
        await register.EndAsync(run, summary, cancel);
        return summary;
    }

    private static BatchFindings FindingsOf(ImportSummary summary, LogOrder order)
    {
        var file = summary.Files[0];
        var rows = new FileRows(file.File, file.InputRows, summary.RepeatedRows ?? file.DuplicateRows, file.RejectRows);
        return MovielogFindings.Of(rows, summary.Reasons, order) with { DuplicatesAreItsOwn = summary.RepeatedRows is not null };
    }

    private async Task<Stored> StoreAsync(MovielogStream input, bool resumes, ImportTables tables, IProgress<ImportProgress>? progress, CancellationToken cancel)
    {
        var bulk = new BulkImport(source, options);
        if (!resumes) await bulk.RestartAsync([input.Key], cancel);
        var before = (await tables.ReadAsync(cancel)).GetValueOrDefault(ImportTables.Stored);
        var clock = Stopwatch.StartNew();
        var result = await bulk.RunAsync(input, progress, rangeSize: RangeLines, cancel: cancel);
        return new(result, before, clock.Elapsed.TotalSeconds);
    }

    /// <summary>With a limit the file is read twice: over it, the rejects are kept and nothing else.</summary>
    private BatchFindings? Judge(string path, ImportOptions how, ErasedPeople erased, string key, CancellationToken cancel)
    {
        if (how.MaxRejectRate is null) return null;
        var found = MovielogFindings.Read(path, erased, new RejectCounts(), how.Quality.LateAfter, cancel);
        if (!found.IsOver(how.MaxRejectRate)) return found;
        var table = new RejectTable(source, options, key);
        MovielogRejects.Find(path, erased, table, cancel);
        table.Flush();
        return found;
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
            UsersMet = null,
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
