using System.Diagnostics;
using Npgsql;
using Recs.Commands.Importing.Formats;
using Recs.Commands.Importing.Movielog;
using Recs.Commands.Validating;
using Recs.Contracts;
using Recs.EventStore;
using Recs.EventStore.Appending;
using Recs.EventStore.Importing;

namespace Recs.Commands.Importing;

/// <summary>
/// Imports a data set: movies, then persons, then ratings in the order of (time, position in the file), so that a position in the log means a moment.
/// A killed import goes on where it was; a second run adds nothing.
/// </summary>
public sealed class ImportDataSet(NpgsqlDataSource source, EventStoreOptions options)
{
    /// <summary>Times that it begins again because somebody was erased meanwhile.</summary>
    private const int MostRaces = 5;

    internal const string SlowerNote = "The database role may not set session_replication_role: PostgreSQL checked the foreign key of each row, "
        + "and ranges were stored one after the other. A superuser imports faster.";

    /// <summary>Imports a folder or file.</summary>
    /// <param name="path">Folder or file.</param>
    /// <param name="how">Options.</param>
    /// <param name="progress">Told after each range, over all files together: events, or bytes of a movielog.</param>
    /// <param name="cancel">Stops at once; the next run goes on from there.</param>
    /// <exception cref="ImportInputException">The input as a whole cannot be read, or an option is out of its range; nothing was stored.</exception>
    /// <exception cref="StreamArchivedException">A movie of it was archived, or people are being erased faster than it can begin again.</exception>
    public async Task<ImportSummary> RunAsync(
        string path, ImportOptions how, IProgress<ImportProgress>? progress = null, CancellationToken cancel = default)
    {
        how.Validate();
        for (var races = 1; ; races++)
        {
            try
            {
                return await RunOnceAsync(path, how, progress, cancel);
            }
            catch (StreamArchivedException e) when (races < MostRaces && ErasedPeople.IsTheirs(e.StreamId))
            {
                continue; // somebody was erased after this began: what was stored stays, and from now on their rows are rejected
            }
        }
    }

    private async Task<ImportSummary> RunOnceAsync(string path, ImportOptions how, IProgress<ImportProgress>? progress, CancellationToken cancel)
    {
        if (DataSetFormats.Recognise(path, how.Format) == DataSetFormat.Movielog)
            return await new ImportMovielog(source, options).RunAsync(path, how, progress, cancel);
        var clock = Stopwatch.StartNew();
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        var table = new RejectTable(source, options, how.KeyOf(name, DataSetReader.Digest(path, how.Format)));
        var rejects = new RejectCounts(table);
        var erased = await new LogLookups(source, options.Schema).ErasedPeopleAsync(how.UserPrefix, cancel);
        var set = DataSetReader.Read(path, how.Format, rejects, isKnownMovie: null, erased);
        table.Flush();
        return await RunAsync(set, rejects.ByReason, how, clock, progress, cancel);
    }

    /// <summary>Imports a data set that is in memory already, such as a simulated one.</summary>
    /// <param name="set">Data set.</param>
    /// <param name="how">Options; the format is the set's own.</param>
    /// <param name="progress">Told after each range, over all files together.</param>
    /// <param name="cancel">Stops at once; the next run goes on from there.</param>
    /// <exception cref="ImportInputException">An option is out of its range; nothing was stored.</exception>
    public Task<ImportSummary> RunAsync(
        DataSet set, ImportOptions how, IProgress<ImportProgress>? progress = null, CancellationToken cancel = default)
    {
        how.Validate();
        return RunAsync(set, new Dictionary<string, long>(), how, Stopwatch.StartNew(), progress, cancel);
    }

    private async Task<ImportSummary> RunAsync(
        DataSet set, IReadOnlyDictionary<string, long> reasons, ImportOptions how, Stopwatch clock, IProgress<ImportProgress>? progress,
        CancellationToken cancel)
    {
        set = how.Until is { } share ? set.Until(share) : set;
        var plan = ImportPlan.Of(set, reasons, how);
        var register = new ImportRegister(source, options);
        var (run, resumes) = await register.BeginAsync(plan.Key, plan.Source, set.Name, set.Format, how.UserPrefix, set.RatingsFile?.Header, cancel);
        var origin = new ImportOrigin($"import:{plan.Source}:{plan.Key[..8]}", $"import-run:{run}");
        var refused = plan.Findings.Refusal(how.MaxRejectRate);
        // Positions of an earlier run mean nothing once rows of it are left out: then each event is looked up.
        resumes &= !reasons.ContainsKey(RejectReasons.Erased);
        var stored = refused is null ? await StoreAsync(set, plan, origin, resumes, progress, cancel) : StoredDataSet.Nothing;
        var summary = new ImportSummary
        {
            Source = plan.Source,
            Format = set.Format,
            Key = plan.Key,
            Reasons = reasons,
            Seconds = clock.Elapsed.TotalSeconds,
            EventsPerSecond = stored.EventsPerSecond,
            Files = stored.Files(set, plan),
            RepeatedRows = plan.Findings.DuplicateRows,
            UsersMet = stored.UsersMet,
            InferredMovies = set.MoviesFile is null ? stored.Movies?.Progress.Stored ?? 0 : 0,
            ResumedFrom = stored.ResumedFrom,
            Refused = refused,
            Note = stored.Ratings is { InParallel: false } ? SlowerNote : null,
        };
        summary = await new RecordVerdict(source, options).JudgeAsync(run, summary, plan.Findings, how, origin, cancel);
        await register.EndAsync(run, summary, cancel);
        return summary;
    }

    private async Task<StoredDataSet> StoreAsync(
        DataSet set, ImportPlan plan, ImportOrigin origin, bool resumes, IProgress<ImportProgress>? progress, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        var log = new LogLookups(source, options.Schema);
        var bulk = new BulkImport(source, options);
        if (!resumes) await bulk.RestartAsync([plan.Key + ":movies", plan.Key + ":users", plan.Key + ":ratings"], cancel);
        var kept = set.Format == DataSetFormats.NameOf(DataSetFormat.JsonLines);
        var movies = set.MoviesFile is null
            ? await CatalogueEvents.OfInferredMoviesAsync(log, plan.Key + ":movies", set.MovieIds, origin, cancel)
            : await (kept ? CatalogueChanges.OfMoviesAsync(log, plan.Key + ":movies", set.Movies, origin, cancel)
                : CatalogueEvents.OfMoviesAsync(log, plan.Key + ":movies", set.Movies, origin, cancel));
        var users = await (kept ? CatalogueChanges.OfUsersAsync(log, plan.Key + ":users", plan.Users, origin, cancel)
            : CatalogueEvents.OfUsersAsync(log, plan.Key + ":users", plan.Users, origin, cancel));
        var ratings = new RatingEvents(plan.Key + ":ratings", set.Ratings, plan.Order, plan.UserIds, set.MovieIds, origin);
        var overall = new OverallProgress(progress, movies.Count + users.Count + ratings.Count);
        var storedMovies = await bulk.RunAsync(movies, overall.Next(), analyze: false, cancel: cancel);
        var storedUsers = await bulk.RunAsync(users, overall.Next(), analyze: false, cancel: cancel);
        var storedRatings = await bulk.RunAsync(ratings, overall.Next(), cancel: cancel);
        var met = await log.CountBegunByOthersAsync(Array.ConvertAll(plan.UserIds, StreamIds.User), origin.CorrelationId, cancel);
        return new(storedMovies, storedUsers, storedRatings, met, clock.Elapsed.TotalSeconds);
    }
}
