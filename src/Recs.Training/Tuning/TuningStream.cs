using System.Security.Cryptography;
using System.Text;
using Recs.Contracts;
using Recs.Contracts.Registry;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;

namespace Recs.Training.Tuning;

/// <summary>
/// A tuning in the log: stream <c>tuning-{id}</c>. Event ids are derived from tuning, rung and trial, so that two processes that carry out the same tuning leave one event
/// of each trial; their figures are the same anyway.
/// </summary>
public sealed class TuningStream(EventReader reader, EventAppender appender, EventTypes types) : ITuningLog
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<TuningTrialEnded>> TrialsAsync(string tuningId, CancellationToken cancel)
    {
        var trials = new List<TuningTrialEnded>();
        await foreach (var e in reader.ReadStreamAsync(StreamIds.Tuning(tuningId), cancel: cancel))
            if (types.Decode(e) is TuningTrialEnded trial)
                trials.Add(trial);
        return trials;
    }

    /// <inheritdoc/>
    public Task AddAsync(TuningTrialEnded trial, CancellationToken cancel) => AppendAsync(trial.TuningId, $"{trial.Rung}:{trial.Trial}", trial, cancel);

    /// <inheritdoc/>
    public Task AddAsync(OptionsTuned tuned, CancellationToken cancel) => AppendAsync(tuned.TuningId, "tuned", tuned, cancel);

    private async Task AppendAsync<T>(string tuningId, string part, T body, CancellationToken cancel) where T : notnull
    {
        try
        {
            await appender.AppendAsync(AppendRequest.One(StreamIds.Tuning(tuningId), types.Encode(EventId(tuningId, part), body, tuningId)), cancel);
        }
        catch (DuplicateEventException)
        {
            // another process was first, with the same figure
        }
    }

    /// <summary>SHA-256 in the form of a version 8 UUID (RFC 9562).</summary>
    private static Guid EventId(string tuningId, string part)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"tuning:{tuningId}:{part}"));
        hash[6] = (byte)(0x80 | (hash[6] & 0x0F));
        hash[8] = (byte)(0x80 | (hash[8] & 0x3F));
        return new(hash.AsSpan(0, 16), bigEndian: true);
    }
}
