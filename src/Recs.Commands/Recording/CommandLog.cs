using Npgsql;
using Recs.Commands.Repeating;
using Recs.EventStore.Appending;

namespace Recs.Commands.Recording;

/// <summary>Appends what commands decided, together with the answers that are kept for repeated requests.</summary>
internal sealed class CommandLog(EventAppender appender, KeptAnswers kept)
{
    /// <summary>The answer that the request got before, if it is a repeated one.</summary>
    /// <exception cref="CommandRefusedException">422: its key was used for another body.</exception>
    public async ValueTask<CommandAnswer?> FindAnswerAsync(RepeatableRequest? request, CancellationToken cancel)
        => request is null ? null : await kept.FindAsync(request, cancel);

    /// <summary>Appends; the answer of an append that lost the race for its key is that of the winner.</summary>
    /// <param name="streams">What to append, all of it or nothing; may be empty.</param>
    /// <param name="answer">Pure: the answer, from where the events landed.</param>
    /// <param name="request">Under which key to keep the answer; null for none.</param>
    /// <param name="cancel">Withdraws the append as long as no writer has taken it.</param>
    /// <exception cref="ConcurrencyException">A stream was not at its expected version; nothing was stored.</exception>
    /// <exception cref="CommandRefusedException">422: a concurrent request used the key for another body.</exception>
    public async Task<CommandAnswer> AppendAsync(
        IReadOnlyList<StreamAppend> streams, Func<AppendResult, CommandAnswer> answer, RepeatableRequest? request, CancellationToken cancel)
    {
        if (streams.Count == 0 && request is null)
            return answer(new AppendResult([]));
        try
        {
            return answer(await appender.AppendAsync(new(streams, request is null ? null : [kept.Keep(request, answer)]), cancel));
        }
        catch (PostgresException e) when (request is not null && KeptAnswers.IsTaken(e))
        {
            return await kept.FindAsync(request, cancel) ?? throw new InvalidOperationException("An idempotency key was taken and is free again.", e);
        }
    }
}
