using System.Text.Json;
using Npgsql;
using Recs.Commands.Importing;
using Recs.Contracts;
using Recs.Contracts.Movies;
using Recs.Contracts.Users;
using Recs.EventStore;
using Recs.EventStore.Appending;

namespace Recs.Commands.Rejecting;

/// <summary>What trying rejected lines again came to: <c>Tried = Stored + Duplicates + Rejected</c>.</summary>
/// <param name="Tried">Lines that were read again.</param>
/// <param name="Stored">Lines whose event was appended.</param>
/// <param name="Duplicates">Lines that say what the log says already.</param>
/// <param name="Rejected">Lines that are still rejected.</param>
/// <param name="Unreadable">Lines of a source that nothing here can read again; they were left alone.</param>
/// <param name="Reasons">Lines still rejected by reason.</param>
public sealed record RetrySummary(long Tried, long Stored, long Duplicates, long Rejected, long Unreadable, IReadOnlyDictionary<string, long> Reasons);

/// <summary>
/// Tries rejected lines again, after the rules, the catalogue or the lines themselves were changed. Event and mark are one commit, so a line lands once, and
/// what landed is never deleted but marked with its event's position. What fails again keeps its newest reason.
/// </summary>
public sealed class RetryRejects(NpgsqlDataSource source, EventStoreOptions options)
{
    private const int PageSize = 1000;
    private const int MostRaces = 5;
    private readonly IRejectedLineReader[] _readers = [new DataSetLines(), new MovielogLines(), new MessageLines(options.Clock)];
    private readonly OpenRejects _open = new(source, options);
    private readonly LogLookups _log = new(source, options.Schema);
    private readonly SortedDictionary<string, long> _reasons = new(StringComparer.Ordinal);
    private long _stored, _duplicates, _rejected, _unreadable;

    /// <summary>Tries lines again, oldest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="progress">Told how many were tried, after each page.</param>
    /// <param name="cancel">Stops after the page under way.</param>
    public async Task<RetrySummary> RunAsync(RetryFilter filter, IProgress<long>? progress = null, CancellationToken cancel = default)
    {
        await using var appender = new EventAppender(source, options, writers: 1);
        var movies = await _log.MovieIdsAsync(cancel);
        for (var after = 0L; await _open.NextAsync(filter, after, PageSize, cancel) is { Count: > 0 } page; after = page[^1].Id)
        {
            // A line that says what another one says is left out when they are read together; on its own it is found to be in the log.
            for (var left = page; left.Count > 0;)
            {
                var read = ReadAll(left, movies.Contains).ToList();
                await TakeAsync(read, appender, cancel);
                movies.UnionWith(read.Select(r => r.Fact).OfType<LineFact.OfMovie>().Select(m => m.Movie.MovieId));
                var done = read.Select(r => r.Line.Id).ToHashSet();
                left = done.Count == 0 ? [] : [.. left.Where(l => !done.Contains(l.Id) && ReaderOf(l) is not null)];
            }
            progress?.Report(_stored + _duplicates + _rejected);
        }
        return new(_stored + _duplicates + _rejected, _stored, _duplicates, _rejected, _unreadable, _reasons);
    }

    private IRejectedLineReader? ReaderOf(RejectedLine line) => Array.Find(_readers, r => r.Reads(line.Format));

    private IEnumerable<ReadAgain> ReadAll(IReadOnlyList<RejectedLine> lines, Func<string, bool> isKnownMovie)
    {
        foreach (var input in lines.GroupBy(l => (l.Key, Reader: ReaderOf(l))))
        {
            if (input.Key.Reader is not { } reader)
            {
                _unreadable += input.Count();
                continue;
            }
            foreach (var cut in input.Where(OpenRejects.WasCut))
                yield return new(cut, null, cut.Reason, $"Only the first {Reject.MaxRawLength:N0} characters of the line were kept; correct it by hand.");
            if (input.Where(l => !OpenRejects.WasCut(l)).ToList() is { Count: > 0 } whole)
                foreach (var again in reader.Read(whole, isKnownMovie))
                    yield return again;
        }
    }

    private async Task TakeAsync(List<ReadAgain> read, EventAppender appender, CancellationToken cancel)
    {
        for (var races = 1; ; races++)
        {
            var archived = await _log.ArchivedAsync([.. read.Where(r => r.Fact is not null).Select(r => StreamOf(r.Fact!)).Distinct()], cancel);
            var events = await EventsAsync([.. read.Where(r => r.Fact is { } fact && !archived.Contains(StreamOf(fact)))], cancel);
            var places = await _log.PlacesAsync([.. events.Select(e => e.Event.Id)], cancel);
            var fresh = events.Where(e => !places.ContainsKey(e.Event.Id)).DistinctBy(e => e.Event.Id).ToList();
            try
            {
                await AppendAsync(fresh, appender, cancel);
            }
            catch (Exception e) when (e is DuplicateEventException or StreamArchivedException && races < MostRaces)
            {
                continue; // somebody else stored or erased it in between: nothing of the append was stored, looked up anew
            }
            var known = events.Except(fresh).ToList();
            places = await _log.PlacesAsync([.. known.Select(e => e.Event.Id)], cancel);
            await _open.MarkAsync(known.ConvertAll(e => e.Line), [.. known.Select(e => places[e.Event.Id])], cancel);
            var rejected = read.Where(r => r.Fact is null)
                .Concat(read.Where(r => r.Fact is { } fact && archived.Contains(StreamOf(fact))).Select(r => new ReadAgain(r.Line, null, RejectReasons.Erased, ErasedPeople.Detail)))
                .ToList();
            await _open.KeepAsync(rejected, cancel);
            (_stored, _duplicates, _rejected) = (_stored + fresh.Count, _duplicates + known.Count, _rejected + rejected.Count);
            foreach (var reject in rejected) _reasons[reject.Reason!] = _reasons.GetValueOrDefault(reject.Reason!) + 1;
            return;
        }
    }

    private static string StreamOf(LineFact fact) => fact switch
    {
        LineFact.OfMovie of => StreamIds.Movie(of.Movie.MovieId),
        LineFact.OfUser of => StreamIds.User(of.User.UserId),
        LineFact.OfEvent of => of.StreamId,
        _ => throw new InvalidOperationException($"{fact.GetType()} has no stream."),
    };

    private sealed record Placed(RejectedLine Line, string StreamId, NewEvent Event, DateTimeOffset At, IReadOnlyList<string> MovieIds);

    /// <summary>The events of what the lines say, in the order of time.</summary>
    private async Task<List<Placed>> EventsAsync(List<ReadAgain> read, CancellationToken cancel)
    {
        var streams = read.Where(r => r.Fact is not LineFact.OfEvent).Select(r => StreamOf(r.Fact!)).Distinct().ToArray();
        var movies = await _log.NewestAsync(streams, CatalogueEvents.MovieTypes, cancel);
        var users = await _log.NewestAsync(streams, CatalogueEvents.UserTypes, cancel);
        var bodies = read.ConvertAll(r => r.Fact switch
        {
            LineFact.OfMovie of => JsonSerializer.SerializeToUtf8Bytes(of.Movie, EventJson.Default.MovieAdded),
            LineFact.OfUser of => JsonSerializer.SerializeToUtf8Bytes(of.User, EventJson.Default.UserRegistered),
            _ => [],
        });
        var said = await _log.KnownAsync([.. read.SelectMany((r, i) => r.Fact is LineFact.OfMovie ? [FactId.Movie(bodies[i])] : r.Fact is LineFact.OfUser ? [FactId.User(bodies[i])] : Array.Empty<Guid>())], cancel);
        return [.. read.Select((r, i) =>
        {
            var stream = StreamOf(r.Fact!);
            var origin = new ImportOrigin(r.Line.CorrelationId, r.Line.CausationId);
            if (r.Fact is LineFact.OfEvent happened) return new Placed(r.Line, stream, happened.Event, happened.At, happened.MovieIds);
            var isMovie = r.Fact is LineFact.OfMovie;
            var first = isMovie ? FactId.Movie(bodies[i]) : FactId.User(bodies[i]);
            var (isChange, id) = isMovie
                ? CatalogueChanges.Decide(movies.GetValueOrDefault(stream), bodies[i], first, said.Contains(first), EventJson.Default.MovieAdded)
                : CatalogueChanges.Decide(users.GetValueOrDefault(stream), bodies[i], first, said.Contains(first), EventJson.Default.UserRegistered);
            var imported = (isMovie, isChange) switch
            {
                (true, true) => CatalogueEvents.Event<MovieChanged>(stream, id, EventAliases.MovieChanged, bodies[i], origin),
                (true, false) => CatalogueEvents.Event<MovieAdded>(stream, id, EventAliases.MovieAdded, bodies[i], origin),
                (false, true) => CatalogueEvents.Event<UserChanged>(stream, id, EventAliases.UserChanged, bodies[i], origin),
                (false, false) => CatalogueEvents.Event<UserRegistered>(stream, id, EventAliases.UserRegistered, bodies[i], origin),
            };
            return new Placed(r.Line, stream, imported.Event, DateTimeOffset.MinValue, []); // what is known of them comes before what they did
        }).OrderBy(e => e.At).ThenBy(e => e.Line.Id)];
    }

    private async Task AppendAsync(List<Placed> fresh, EventAppender appender, CancellationToken cancel)
    {
        if (fresh.Count == 0) return;
        var named = fresh.SelectMany(e => e.MovieIds.Select(id => (Id: id, e.Line))).DistinctBy(m => m.Id).ToList();
        var described = await _log.NewestAsync([.. named.Select(m => StreamIds.Movie(m.Id))], CatalogueEvents.MovieTypes, cancel);
        var added = fresh.Select(e => e.StreamId).ToHashSet();
        StreamAppend[] inferred = [.. named.Where(m => !described.ContainsKey(StreamIds.Movie(m.Id)) && !added.Contains(StreamIds.Movie(m.Id))).Select(m => Inferred(m.Id, m.Line))];
        await appender.AppendAsync(
            new([.. inferred, .. fresh.Select(e => new StreamAppend(e.StreamId, ExpectedVersion.Any, [e.Event]))], [_open.MarkWhenStored(fresh.ConvertAll(e => e.Line), inferred.Length)]),
            cancel);
    }

    private static StreamAppend Inferred(string movieId, RejectedLine line)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(InferredMovie.FromId(movieId), EventJson.Default.MovieAdded);
        var movie = CatalogueEvents.Event<MovieAdded>(StreamIds.Movie(movieId), FactId.Movie(body), EventAliases.MovieAdded, body, new(line.CorrelationId, line.CausationId));
        return new(movie.StreamId, ExpectedVersion.Any, [movie.Event]);
    }
}
