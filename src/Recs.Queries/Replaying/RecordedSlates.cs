using Recs.Contracts;
using Recs.Contracts.Recommendations;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.Queries.Serving;

namespace Recs.Queries.Replaying;

/// <summary>Reads recorded slates and says what is wrong with one that cannot be replayed as it stands.</summary>
internal sealed class RecordedSlates(EventTypes types)
{
    /// <summary>The slate; null if it is damaged, and how.</summary>
    public RecommendationServed? Read(RecordedEvent e, out string? damage)
    {
        try
        {
            var slate = (RecommendationServed)types.Decode(e);
            damage = DamageOf(slate, e);
            return damage is null ? slate : null;
        }
        catch (UnreadableEventException unreadable)
        {
            damage = unreadable.Message;
            return null;
        }
    }

    private static string? DamageOf(RecommendationServed slate, RecordedEvent e)
    {
        // What a tampering hand removed comes back as null, whatever the contract says.
        object?[] needed = [slate.RequestId, slate.UserId, slate.Items, slate.Scores, slate.Model, slate.ModelVersion, slate.UserDigest, slate.Policy];
        return needed.Contains(null) ? $"event {e.Sequence} lacks a property that a slate must have"
            : slate.K is < 1 or > Slate.MostItems ? $"event {e.Sequence} asks for {slate.K} movies; a slate has 1 to {Slate.MostItems}"
            : StreamIds.Recommendations(slate.UserId) != e.StreamId ? $"event {e.Sequence} names user '{slate.UserId}', but it stands in the stream '{e.StreamId}'"
            : null;
    }
}
