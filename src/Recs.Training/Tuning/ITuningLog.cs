using Recs.Contracts.Registry;

namespace Recs.Training.Tuning;

/// <summary>Keeps what a tuning found, so that it can be looked at and goes on where it was.</summary>
public interface ITuningLog
{
    /// <summary>The trials of a tuning that have ended, in the order in which they did.</summary>
    Task<IReadOnlyList<TuningTrialEnded>> TrialsAsync(string tuningId, CancellationToken cancel);

    /// <summary>Keeps a trial; one of the same tuning, rung and number that is there already stays.</summary>
    Task AddAsync(TuningTrialEnded trial, CancellationToken cancel);

    /// <summary>Keeps the choice; one of the same tuning that is there already stays.</summary>
    Task AddAsync(OptionsTuned tuned, CancellationToken cancel);
}
