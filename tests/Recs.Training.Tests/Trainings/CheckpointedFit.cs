using Recs.Contracts.Registry;
using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Trainings;

namespace Recs.Training.Tests.Trainings;

/// <summary>A fit of a few iterations that a test kills in the middle: run here and, as a child process, in <c>Program.cs</c>.</summary>
internal static class CheckpointedFit
{
    public const string Verb = "fit-and-stop";
    public const int Iterations = 6;
    public const int StopsAfter = 3;

    /// <summary>Fits.</summary>
    /// <param name="folder">Of the checkpoint; null for none.</param>
    /// <param name="say">Takes what the checkpoint says.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <returns>The content's address.</returns>
    public static string Run(string? folder, Action<string> say, IProgress<FitProgress>? progress)
    {
        var options = new Dictionary<string, string> { ["iterations"] = $"{Iterations}" };
        var recommender = Recommenders.Named("als");
        var request = new TrainingRequested("killed", "als", "s", options, 1, "a test", "to see", DateTimeOffset.UnixEpoch);
        var checkpoint = folder is null ? null : new FitCheckpoints(folder, TimeProvider.System, say) { Pause = TimeSpan.Zero }.Of(request, "data", 1, TrainingDatabase.Code);
        using var artifact = recommender.Fit(GeneratedData.Interactions(), OptionValues.Parse(recommender.Options, options), 1, new FitRun(Threads: 1, Progress: progress) { Checkpoint = checkpoint });
        using var store = new TemporaryFolder();
        return new ArtifactStore(store.Path).Put(artifact).ContentHash;
    }

    /// <summary>In the child: says when <see cref="StopsAfter"/> iterations are done, and waits to be killed.</summary>
    public static void RunAndStop(string folder) => Run(folder, _ => { }, new Stop());

    private sealed class Stop : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value is not { Phase: "alternate", Fraction: (double)StopsAfter / Iterations })
                return;
            Console.WriteLine($"{StopsAfter} are done");
            Console.In.ReadToEnd(); // the test kills this process while it waits here; should the test die first, the pipe closes and the child ends by itself
        }
    }
}
