using Recs.Host.CommandLine;
using Recs.Host.Configuring;

namespace Recs.Host.Composition.Clocks;

/// <summary>What <c>--clock</c> asks for.</summary>
/// <param name="Time">A simulated time; null for the real one.</param>
internal sealed record AskedClock(SimulatedTime? Time)
{
    private const string Real = "real";

    /// <summary>Reads the setting; null if nobody asked, so that the log's own time goes on.</summary>
    /// <exception cref="UsageException">It is no time.</exception>
    public static AskedClock? Of(Settings settings) => settings[Setting.Clock] switch
    {
        "" => null,
        Real => new((SimulatedTime?)null),
        var text when SimulatedTime.TryParse(text, out var time) => new(time),
        var text => throw new UsageException(
            $"--clock '{text}' is neither '{Real}' nor START@SPEED, such as 2015-01-01T00:00:00Z@1000: START from 1970 to 2100, SPEED from {SimulatedTime.Slowest:0} to {SimulatedTime.Fastest:0}."),
    };
}
