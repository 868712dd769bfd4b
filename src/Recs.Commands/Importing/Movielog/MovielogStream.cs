using Recs.Commands.Validating;
using Recs.EventStore.Importing;

namespace Recs.Commands.Importing.Movielog;

/// <summary>A movielog file as the input of an import; positions are bytes, sizes are lines.</summary>
/// <param name="key">Identifies the input.</param>
/// <param name="file">The lines.</param>
/// <param name="userPrefix">Put before each user id.</param>
/// <param name="erased">People of whom nothing is taken.</param>
/// <param name="origin">What the events say of where they come from.</param>
/// <param name="movies">The movies that it names.</param>
/// <param name="tables">Where counts and rejects are kept.</param>
/// <param name="order">Follows the times of the lines.</param>
/// <param name="facts">Gets what the lines say, to find those that repeat an earlier one.</param>
internal sealed class MovielogStream(
    string key, MovielogFile file, string userPrefix, ErasedPeople erased, ImportOrigin origin, MetMovies movies, ImportTables tables, LogOrder order, RepeatedFacts facts) : IImportStream
{
    /// <summary>A range ends here even if it has fewer lines than asked for: slates are long.</summary>
    private const long MaxRangeBytes = 2 << 20;

    private readonly MovielogEvents _events = new(origin, userPrefix);

    /// <summary>Up to where order and facts were followed: a range that is read again, which ends where it did, does not count again.</summary>
    private long _followed;

    public string Key => key;

    public long End => file.Length;

    public async ValueTask<ImportRange> ReadAsync(long from, int size, CancellationToken cancel)
    {
        if (from != file.Position) file.Seek(from, await LinesBeforeAsync(from, cancel));
        movies.Begin(from);
        var before = file.Line;
        _events.Begin();
        var rejects = new List<Reject>();
        var isNew = from >= _followed;
        var rows = Read(from, size, rejects);
        if (file.Position == from) throw new ImportInputException($"{file.Name}: was cut off at byte {from:N0} while it was read. Import it again.");
        var inferred = await movies.InferAsync(cancel);
        var events = _events.ToEvents(inferred, out var release);
        if (isNew) Follow(events.Span[inferred.Count..]);
        return new MovielogRange(file.Position, events, file.Line - before, rows, rejects, tables, release);
    }

    private void Follow(ReadOnlySpan<ImportedEvent> events)
    {
        foreach (ref readonly var e in events) facts.Add(e.Event.Id, file.Line);
    }

    /// <summary>Where a run begins, or a range is read again, everything before is committed and counted.</summary>
    private async Task<long> LinesBeforeAsync(long from, CancellationToken cancel)
        => from == 0 ? 0 : (await tables.ReadAsync(cancel))[ImportTables.Lines];

    private long Read(long from, int size, List<Reject> rejects)
    {
        var rows = 0L;
        while (rows < size && file.Position - from < MaxRangeBytes && file.TryRead(out var text))
        {
            rows++;
            if (!MovielogRejects.TryRead(file, text, erased, out var line, out var reject)) rejects.Add(reject);
            else if (_events.TryAdd(line))
            {
                Meet(line);
                if (file.Position > _followed) order.Add(line.Ticks);
            }
            else rejects.Add(MovielogRejects.Of(file, MovielogFault.BadUserId, text, line.UserId));
        }
        _followed = Math.Max(_followed, file.Position);
        return rows;
    }

    private void Meet(in MovielogLine line)
    {
        if (line.Form != MovielogForm.Recommendation) movies.Meet(line.MovieId);
        else
            foreach (var item in line.Items) movies.Meet(item);
    }
}
