using System.CommandLine;
using Recs.Host.CommandLine;

namespace Recs.Host.Simulating.ClosedLoop;

/// <summary>The mode of <c>recs simulate</c> in which people of invented tastes watch and rate what they are served.</summary>
internal static class ClosedLoop
{
    /// <summary>Options of this mode alone.</summary>
    public static readonly IReadOnlyList<Option> Options = [];

    /// <summary>Runs until the minutes are over.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(Run run, CancellationToken cancel)
        => throw new UsageException("this build has no closed-loop users; give --replay DATA.");
}
