using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Tests;
using Recs.Training.Tests.Trainings;

if (args is [CheckpointedFit.Verb, var checkpoints])
    CheckpointedFit.RunAndStop(checkpoints);

// The child process of the determinism tests: fits every model on generated data under whatever instructions its environment allows, and says what came out.
var folder = Directory.CreateTempSubdirectory("recs-child-").FullName;
try
{
    Console.Write(InstructionSets.Chosen);
    foreach (var recommender in Recommenders.All)
    {
        using var artifact = recommender.Fit(GeneratedData.Interactions(movies: 70, genres: true), Fitted.QuickOptions(recommender), 1, new FitRun(Threads: 1));
        Console.Write($" {recommender.Name}:{new ArtifactStore(folder).Put(artifact).ContentHash}");
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}
