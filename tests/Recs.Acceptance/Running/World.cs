using Recs.Commands.Simulating;

namespace Recs.Acceptance.Running;

/// <summary>A small simulated data set in MovieLens 1M's format, written once per test run.</summary>
public static class World
{
    private static readonly Lazy<string> Written = new(() => Write("small", new SimulatedWorld(Seed: 3, Users: 300, Movies: 400, MeanRatings: 40)));
    private static readonly Lazy<string> WrittenLarge = new(() => Write("large", new SimulatedWorld(Seed: 4, Users: 3000, Movies: 800, MeanRatings: 100)));

    /// <summary>300 people, 400 movies, about 12,000 ratings.</summary>
    public static string Folder => Written.Value;

    /// <summary>3,000 people, 800 movies, about 300,000 ratings: long enough to be killed in.</summary>
    public static string LargeFolder => WrittenLarge.Value;

    private static string Write(string name, SimulatedWorld world)
    {
        var folder = Path.Combine(Directory.CreateTempSubdirectory("recs-world-").FullName, name);
        Ml1mFolder.Write(world.ToDataSet(), folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
        return folder;
    }
}
