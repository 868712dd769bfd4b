using Recs.Commands.Importing;
using Recs.Commands.Recording;
using Recs.Contracts;
using Recs.EventStore;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;

namespace Recs.Commands.Consuming;

/// <summary>
/// Adds movies that messages name and nobody has added, in commits of their own before those of the facts. A new movie is named on many partitions at once: if each
/// added it together with its facts, one of them would win and thousands of facts of all others would have to be stored again.
/// </summary>
internal sealed class NamedMovies(EventAppender appender, EventTypes types, KnownMovies known) : IDisposable
{
    /// <summary>Times that other processes may add some of the movies first before it counts as a failure.</summary>
    private const int MostRaces = 20;

    private readonly SemaphoreSlim _adding = new(1, 1);

    /// <summary>Done when every movie that the facts name is in the catalogue.</summary>
    /// <param name="facts">In their order: a movie's event names the first fact about it as where it comes from.</param>
    /// <param name="cancel">Withdraws what no writer has taken.</param>
    public async Task AddAsync(IReadOnlyCollection<StatedFact> facts, CancellationToken cancel)
    {
        if ((await UnknownAsync(facts, cancel)).Count == 0)
            return;
        await _adding.WaitAsync(cancel); // one partition after the other: the first adds most of what the others lack
        try
        {
            for (var race = 0; await UnknownAsync(facts, cancel) is { Count: > 0 } unknown; race++)
                await TryAddAsync(facts, unknown, race < MostRaces, cancel);
        }
        finally
        {
            _adding.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _adding.Dispose();

    private ValueTask<IReadOnlySet<string>> UnknownAsync(IEnumerable<StatedFact> facts, CancellationToken cancel) => known.UnknownAmongAsync(facts.SelectMany(f => f.MovieIds), cancel);

    private async Task TryAddAsync(IEnumerable<StatedFact> facts, IReadOnlySet<string> unknown, bool mayLose, CancellationToken cancel)
    {
        var added = new HashSet<string>(StringComparer.Ordinal);
        var streams = new List<StreamAppend>(unknown.Count);
        foreach (var fact in facts)
        {
            foreach (var movie in fact.MovieIds)
            {
                if (unknown.Contains(movie) && added.Add(movie))
                    streams.Add(Inferred(movie, fact.Event));
            }
        }
        try
        {
            await appender.AppendAsync(new(streams), cancel);
        }
        catch (Exception e) when (mayLose && e is (ConcurrencyException or DuplicateEventException))
        {
            return; // another process added one of them a moment before
        }
    }

    private StreamAppend Inferred(string movieId, NewEvent cause)
    {
        var movie = types.Encode(Guid.Empty, InferredMovie.FromId(movieId), cause.CorrelationId, cause.CausationId);
        return new(StreamIds.Movie(movieId), ExpectedVersion.NewStream, [movie with { Id = FactId.Movie(movie.Data.Span) }]);
    }
}
