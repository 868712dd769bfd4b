using Microsoft.AspNetCore.Http;
using Recs.EventStore;
using Recs.EventStore.Appending;

namespace Recs.Commands.Batching;

/// <summary>A valid line as the event that it becomes.</summary>
/// <param name="Line">Number of the line.</param>
/// <param name="StreamId">The user's stream.</param>
/// <param name="ExpectedVersion">Version that it must be at after the lines before.</param>
/// <param name="Event">The event.</param>
internal readonly record struct BatchFact(int Line, string StreamId, long? ExpectedVersion, NewEvent Event);

/// <summary>What of a batch is appended, in its order, and what is not.</summary>
/// <param name="Stored">The lines of <paramref name="Appends"/>, in the same order.</param>
/// <param name="Appends">One per line: the log keeps the order in which the lines came.</param>
/// <param name="Refused">The others.</param>
internal sealed record BatchDecision(IReadOnlyList<int> Stored, IReadOnlyList<StreamAppend> Appends, IReadOnlyList<LineResult> Refused)
{
    /// <summary>
    /// Decides line by line, as if each were appended before the next is looked at: a line whose expectation does not hold is refused alone. Streams whose version
    /// was read are appended at exactly that version, so that the decision holds at the commit or nothing is stored and it is made anew.
    /// </summary>
    /// <param name="facts">Valid lines.</param>
    /// <param name="watched">Streams whose state was read: at least those of which a line expects a version.</param>
    /// <param name="versions">Version of each watched stream; missing for one that does not exist.</param>
    /// <param name="archived">Watched streams that take nothing any more.</param>
    public static BatchDecision Of(
        IReadOnlyList<BatchFact> facts, IReadOnlySet<string> watched, IReadOnlyDictionary<string, long> versions, IReadOnlySet<string> archived)
    {
        var (stored, appends, refused) = (new List<int>(facts.Count), new List<StreamAppend>(facts.Count), new List<LineResult>());
        var reached = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var fact in facts)
        {
            var begun = reached.TryGetValue(fact.StreamId, out var version);
            if (!begun)
                version = versions.GetValueOrDefault(fact.StreamId);
            if (archived.Contains(fact.StreamId))
            {
                refused.Add(new(fact.Line, StatusCodes.Status409Conflict, Error: "The user's stream is archived: nothing can be appended to it."));
            }
            else if (fact.ExpectedVersion is { } expected && expected != version)
            {
                refused.Add(new(fact.Line, StatusCodes.Status409Conflict, Error: $"The user's stream is at version {version}, not at the expected version {expected}.", ActualVersion: version));
            }
            else
            {
                var holds = watched.Contains(fact.StreamId) && !begun ? ExpectedVersion.Exactly(version) : ExpectedVersion.Any;
                stored.Add(fact.Line);
                appends.Add(new(fact.StreamId, holds, [fact.Event]));
                reached[fact.StreamId] = version + 1;
            }
        }
        return new(stored, appends, refused);
    }
}
