using Recs.Commands.Repeating;
using Recs.EventStore;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;

namespace Recs.Commands.Recording;

/// <summary>What describing a user or a movie came to.</summary>
/// <param name="Added">It had no description before.</param>
/// <param name="Sequence">Log position of the new description; null if it says what the log says already.</param>
/// <param name="Version">Version of the stream now.</param>
internal sealed record Described(bool Added, long? Sequence, long Version);

/// <summary>Stores descriptions of users and movies: a newer one replaces the older, and one that changes nothing is no event.</summary>
internal sealed class DescriptionRecorder(CommandLog log, EventReader reader, EventTypes types)
{
    /// <summary>Races that one command may lose; each means that somebody else got on.</summary>
    private const int MostRaces = 20;

    /// <summary>Reads the newest description, decides upon it, and appends at exactly the version that was read.</summary>
    /// <param name="streamId">The user's or movie's stream.</param>
    /// <param name="kinds">Aliases of the events that describe it.</param>
    /// <param name="expectedVersion">Version that the caller believes in; null for any.</param>
    /// <param name="decide">Pure: from the newest description, if there is one, the next; null if nothing changes.</param>
    /// <param name="answer">Pure: what the caller gets.</param>
    /// <param name="request">Under which key the answer is kept.</param>
    /// <param name="cancel">Stops what is not appended yet.</param>
    /// <exception cref="ConcurrencyException">The stream is not at the expected version.</exception>
    /// <exception cref="StreamArchivedException">The stream takes nothing any more.</exception>
    public Task<CommandAnswer> RecordAsync(
        string streamId, IReadOnlyCollection<string> kinds, long? expectedVersion, Func<object?, NewEvent?> decide, Func<Described, CommandAnswer> answer,
        RepeatableRequest? request, CancellationToken cancel)
        => log.OnceAsync(request, () => AppendAsync(streamId, kinds, expectedVersion, decide, answer, request, cancel), cancel);

    private async Task<CommandAnswer> AppendAsync(
        string streamId, IReadOnlyCollection<string> kinds, long? expectedVersion, Func<object?, NewEvent?> decide, Func<Described, CommandAnswer> answer,
        RepeatableRequest? request, CancellationToken cancel)
    {
        for (var races = 1; ; races++)
        {
            var stream = await reader.FindStreamAsync(streamId, cancel);
            if (stream is { Archived: true })
                throw new StreamArchivedException(streamId);
            var version = stream?.Version ?? 0;
            if (expectedVersion is { } expected && expected != version)
                throw new ConcurrencyException(streamId, expected, version);
            var newest = await reader.FindNewestAsync(streamId, kinds, cancel);
            var next = decide(newest is null ? null : types.Decode(newest));
            try
            {
                return await log.AppendAsync(
                    next is { } e ? [new StreamAppend(streamId, ExpectedVersion.Exactly(version), [e])] : [],
                    stored => answer(new(newest is null, stored.Streams.Count > 0 ? stored.LastSequence : null, stored.Streams.Count > 0 ? stored.Streams[0].Version : version)),
                    request, cancel);
            }
            catch (ConcurrencyException) when (expectedVersion is null && races < MostRaces)
            {
                // A fact came in between reading and commit: nothing was stored, decided anew.
            }
        }
    }
}
