using System.Runtime.ExceptionServices;
using Npgsql;
using Recs.Commands.Repeating;
using Recs.EventStore.Appending;

namespace Recs.Commands.Recording;

/// <summary>Appends what commands decided, together with the answers that are kept for repeated requests.</summary>
internal sealed class CommandLog(EventAppender appender, KeptAnswers kept)
{
    /// <summary>Carries a command out, unless its request was answered before. Of several requests with one key at the same time, all get the answer of the one that was stored.</summary>
    /// <param name="request">The request's key; null for none.</param>
    /// <param name="carryOut">Decides and appends with <see cref="AppendAsync"/>.</param>
    /// <param name="cancel">Stops the search for an earlier answer.</param>
    /// <exception cref="CommandRefusedException">422: the key was used for another body.</exception>
    public async Task<CommandAnswer> OnceAsync(RepeatableRequest? request, Func<Task<CommandAnswer>> carryOut, CancellationToken cancel)
    {
        if (request is null)
            return await carryOut();
        if (await kept.FindAsync(request, cancel) is { } given)
            return given;
        try
        {
            return await carryOut();
        }
        catch (Exception refusal) when (refusal is ConcurrencyException or CommandRefusedException || (refusal is PostgresException e && KeptAnswers.IsTaken(e)))
        {
            // The same request may have been carried out meanwhile, and that is why this one was refused.
            if (await kept.FindAsync(request, cancel) is { } answer)
                return answer;
            ExceptionDispatchInfo.Throw(refusal);
            throw;
        }
    }

    /// <summary>Appends, and keeps the answer in the same commit.</summary>
    /// <param name="streams">What to append, all of it or nothing; may be empty.</param>
    /// <param name="answer">Pure: the answer, from where the events landed.</param>
    /// <param name="request">Under which key to keep the answer; null for none.</param>
    /// <param name="cancel">Withdraws the append as long as no writer has taken it.</param>
    /// <exception cref="ConcurrencyException">A stream was not at its expected version; nothing was stored.</exception>
    /// <exception cref="PostgresException">The key is taken; nothing was stored.</exception>
    public async Task<CommandAnswer> AppendAsync(
        IReadOnlyList<StreamAppend> streams, Func<AppendResult, CommandAnswer> answer, RepeatableRequest? request, CancellationToken cancel)
        => answer(streams.Count == 0 && request is null
            ? new AppendResult([])
            : await appender.AppendAsync(new(streams, request is null ? null : [kept.Keep(request, answer)]), cancel));
}
