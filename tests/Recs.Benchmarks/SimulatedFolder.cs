using Recs.Commands.Simulating;

namespace Recs.Benchmarks;

/// <summary>A simulated data set as files, for whoever measures without one at hand.</summary>
internal static class SimulatedFolder
{
    /// <summary>Writes it below a folder.</summary>
    /// <returns>Its path.</returns>
    public static string Write(string home)
    {
        var folder = Path.Combine(home, "simulated");
        Ml1mFolder.Write(new SimulatedWorld().ToDataSet(), folder);
        return folder;
    }
}
