using Recs.Host.CommandLine;

namespace Recs.Host.Composition.Clocks;

/// <summary>The simulated time that the database has on record.</summary>
/// <param name="Time">Start and speed.</param>
/// <param name="AnchoredAt">What the server's clock said at the start.</param>
internal sealed record RecordedClock(SimulatedTime Time, DateTimeOffset AnchoredAt);

/// <summary>What stands about a log's time when a process comes to it.</summary>
/// <param name="Recorded">The time on record; null for the real one.</param>
/// <param name="InUse">Other processes use the log now, and live in the time on record.</param>
/// <param name="LastRecorded">The latest time that the log's last events were recorded at; null for an empty log.</param>
/// <param name="Now">The server's clock.</param>
internal sealed record ClockState(RecordedClock? Recorded, bool InUse, DateTimeOffset? LastRecorded, DateTimeOffset Now);

/// <summary>In which time a process lives.</summary>
/// <param name="Clock">The time to have on record from now on; null for the real one.</param>
/// <param name="Note">What a person should know of it; null for nothing.</param>
internal sealed record ClockDecision(RecordedClock? Clock, string? Note = null)
{
    /// <summary>A log may lie so far ahead of the server's clock without anybody having simulated: clocks of machines differ.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Decides. Recorded time never goes back, all processes of a log live in one time, and a log that has lived in a simulated time goes on in it, at the real
    /// pace, until somebody asks for another.
    /// </summary>
    /// <exception cref="UsageException">What was asked for cannot be.</exception>
    public static ClockDecision Of(AskedClock? asked, ClockState state) => state.InUse ? Join(asked, state) : Begin(asked, state);

    private static ClockDecision Join(AskedClock? asked, ClockState state)
    {
        var here = state.Recorded is { } recorded
            ? $"on the clock {recorded.Time}, where it is {SimulatedTime.Text(recorded.Time.After(state.Now - recorded.AnchoredAt))} now"
            : "in real time";
        return asked is null || asked.Time == state.Recorded?.Time
            ? new(state.Recorded, state.Recorded is null ? null : $"other processes use this log {here}; this one joins them")
            : throw new UsageException(
                $"--clock: other processes use this log {here}. All must live in one time: {(state.Recorded is { } other ? $"give --clock {other.Time} or none" : "leave --clock out")}, or stop the others first.");
    }

    private static ClockDecision Begin(AskedClock? asked, ClockState state) => asked switch
    {
        null when state.Recorded is null => new(null, AheadOf(state)),
        null => GoOn(state),
        { Time: null } when state.Recorded is not null && state.LastRecorded > state.Now + Skew => throw new UsageException(
            $"--clock real: this log's last event was recorded at {SimulatedTime.Text(state.LastRecorded.Value)}, which lies ahead, and time never goes back. Give --clock {SimulatedTime.Text(Next(state.LastRecorded.Value))}@1 or none."),
        { Time: null } => new(null, AheadOf(state)),
        { Time: { } time } when state.LastRecorded > time.Start => throw new UsageException(
            $"--clock {time}: this log's last event was recorded at {SimulatedTime.Text(state.LastRecorded.Value)}, and time never goes back. "
            + $"Give --clock {time with { Start = Next(state.LastRecorded.Value) }} or later, or take a log of its own (--home FOLDER or --db URL), filled under the same --clock."),
        { Time: { } time } => new(new RecordedClock(time, state.Now), LeavesRealTime(time, state)),
    };

    /// <summary>The real clock shows less than the log holds, although nobody simulates: it was set wrong, or is now.</summary>
    private static string? AheadOf(ClockState state) => state.LastRecorded > state.Now + Skew
        ? $"WARNING: this log's last event was recorded at {SimulatedTime.Text(state.LastRecorded.Value)}, but the server's clock shows {SimulatedTime.Text(state.Now)}. Events are recorded at earlier times "
            + "than those before them until it has caught up, so questions about a time (asOf, history) may be answered wrongly; the order of the log stays right. "
            + $"Set the server's clock right, or go on from there: --clock {SimulatedTime.Text(Next(state.LastRecorded.Value))}@1."
        : null;

    /// <summary>What cannot be undone: a log follows a simulated time ahead of the real one, or leaves a past of real facts.</summary>
    private static string? LeavesRealTime(SimulatedTime time, ClockState state)
        => state.Recorded is null && state.LastRecorded is { } last
            ? $"WARNING: this log holds facts of real time, the last of {SimulatedTime.Text(last)}, and now goes on at {SimulatedTime.Text(time.Start)}. Recorded time never goes back: what is recorded from now on "
                + "stands after those facts forever, and real time (--clock real) returns only once the server's clock is past it. To simulate, take a log of its own (--home FOLDER or --db URL)."
        : time.Start > state.Now + Skew
            ? $"WARNING: this log goes on at {SimulatedTime.Text(time.Start)}, ahead of the real time. Recorded time never goes back: once something is recorded there, real time (--clock real) returns only when the "
                + "server's clock is past it."
        : null;

    private static ClockDecision GoOn(ClockState state)
    {
        var from = state.LastRecorded is { } last && last > state.Recorded!.Time.Start ? last : state.Recorded!.Time.Start;
        return new(new RecordedClock(new(from, 1), state.Now), $"this log lives in a simulated time, which goes on from {SimulatedTime.Text(from)} at the real pace");
    }

    /// <summary>The next whole second: what a person can type.</summary>
    private static DateTimeOffset Next(DateTimeOffset moment)
        => new((moment.UtcTicks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
}
