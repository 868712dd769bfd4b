using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Npgsql;
using Recs.Contracts;
using Recs.Contracts.Recommendations;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;

namespace Recs.Queries.Serving;

/// <summary>
/// Puts down that a probe got no slate, so that the log tells how available the service was. Not for people: whoever makes a service fail would fill its log.
/// </summary>
public sealed class RecordFailure(EventAppender appender, EventTypes types, TimeProvider clock, ILogger<RecordFailure> log)
{
    /// <summary>A probe does not wait longer for an answer that it has already.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Appends <c>recommendation_failed</c>, if the database takes it.</summary>
    /// <param name="userId">Who asked.</param>
    /// <param name="channel">Under which channel.</param>
    /// <param name="status">HTTP status of the answer; its name is the reason, since reasons are counted.</param>
    /// <param name="latencyMs">Milliseconds until it was known.</param>
    public async Task RunAsync(string userId, string channel, int status, double latencyMs)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var failed = new RecommendationFailed(id.ToString("N"), userId, ReasonPhrases.GetReasonPhrase(status), now, channel, status, latencyMs);
        try
        {
            await appender.AppendAsync(AppendRequest.One(StreamIds.Recommendations(userId), types.Encode(id, failed, failed.RequestId, failed.RequestId))).AsTask().WaitAsync(Patience);
        }
        catch (Exception e) when (e is NpgsqlException or AppendOutcomeUnknownException or TimeoutException)
        {
            log.LogWarning("A probe got status {Status}, which is not in the log: {Reason}", status, e.Message);
        }
    }
}
