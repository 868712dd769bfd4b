using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Tests;

// The child process of the determinism tests: fits on generated data under whatever instructions its environment allows, and says what came out.
var folder = Directory.CreateTempSubdirectory("recs-child-").FullName;
try
{
    var recommender = Recommenders.Named("linear-autoregression");
    using var artifact = recommender.Fit(GeneratedData.Interactions(movies: 70), OptionValues.Parse(recommender.Options), 1, new FitRun(Threads: 1));
    Console.WriteLine($"{InstructionSets.Chosen} {new ArtifactStore(folder).Put(artifact).ContentHash}");
}
finally
{
    Directory.Delete(folder, recursive: true);
}
