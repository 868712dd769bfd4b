using System.CommandLine;
using Recs.Host.CommandLine;

namespace Recs.Host.Simulating.ReplayingData;

/// <summary>The mode of <c>recs simulate</c> that streams a data set's last part, in time order, to a service that lives in the data's own time.</summary>
internal static class ReplayingData
{
    /// <summary><c>--replay</c>, which chooses this mode.</summary>
    public static readonly Option<string?> Data = new("--replay") { HelpName = "DATA", Description = "Stream the last part of this data set in time order, instead of simulating people: a MovieLens folder or a CSV file of interactions." };

    /// <summary>Options of this mode alone.</summary>
    public static readonly IReadOnlyList<Option> Options = [];

    /// <summary>Runs until the data ends.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(Run run, CancellationToken cancel) => throw new UsageException("this build replays nothing.");
}
