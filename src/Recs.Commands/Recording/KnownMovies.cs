using System.Collections.Concurrent;
using Recs.Contracts;
using Recs.EventStore.Reading;

namespace Recs.Commands.Recording;

/// <summary>Whether a movie is in the catalogue. A movie never leaves it, so a yes is remembered.</summary>
public sealed class KnownMovies(EventReader reader)
{
    private const int MostRemembered = 1_000_000;
    private readonly ConcurrentDictionary<string, byte> _known = new(StringComparer.Ordinal);

    /// <summary>Asks the log, once per known movie.</summary>
    public async ValueTask<bool> ContainsAsync(string movieId, CancellationToken cancel)
    {
        if (_known.ContainsKey(movieId))
            return true;
        if (await reader.FindStreamAsync(StreamIds.Movie(movieId), cancel) is null)
            return false;
        if (_known.Count < MostRemembered)
            _known.TryAdd(movieId, 0);
        return true;
    }
}
