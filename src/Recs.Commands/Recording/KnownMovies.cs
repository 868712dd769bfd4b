using System.Collections.Concurrent;
using Recs.Contracts;
using Recs.EventStore.Reading;

namespace Recs.Commands.Recording;

/// <summary>Whether movies are in the catalogue. A movie never leaves it, so a yes is remembered.</summary>
internal sealed class KnownMovies(EventReader reader)
{
    private const int MostRemembered = 1_000_000;
    private readonly ConcurrentDictionary<string, byte> _known = new(StringComparer.Ordinal);
    private int _remembered;

    /// <summary>Those of the movies that are not in the catalogue; the log is asked about those that are not known yet.</summary>
    public async ValueTask<IReadOnlySet<string>> UnknownAmongAsync(IEnumerable<string> movieIds, CancellationToken cancel)
    {
        var unknown = movieIds.Where(id => !_known.ContainsKey(id)).ToHashSet(StringComparer.Ordinal);
        if (unknown.Count == 0)
            return unknown;
        var found = await reader.FindStreamsAsync([.. unknown.Select(StreamIds.Movie)], cancel);
        foreach (var id in unknown.Where(id => found.ContainsKey(StreamIds.Movie(id))).ToList())
        {
            unknown.Remove(id);
            if (_remembered < MostRemembered && _known.TryAdd(id, 0))
                Interlocked.Increment(ref _remembered);
        }
        return unknown;
    }
}
