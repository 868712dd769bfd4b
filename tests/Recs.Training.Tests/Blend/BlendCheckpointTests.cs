using Recs.Contracts.Registry;
using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Trainings;

namespace Recs.Training.Tests.Blend;

/// <summary>A blend that stopped goes on with the member that was under way, from where that one was, and ends with the same bytes.</summary>
public sealed class BlendCheckpointTests : IDisposable
{
    private static readonly OptionValues Options = OptionValues.Parse(
        Recommenders.Named("blend").Options, BlendTests.Only("als", "popularity").ToDictionary(o => o.Item1, o => o.Item2));
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _said = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("als: alternate", 5, 4)] // four iterations of a member are done
    [InlineData("weights: weigh", 1, 16)] // it is fitted, all of its reports are spared
    [InlineData("als: alternate", 20, 19)] // three iterations of its second fit
    public void It_goes_on_where_it_stopped(string phase, int time, int spared)
    {
        var (all, rest) = (new Phases(), new Phases());
        var whole = Fit(null, all);
        Should.Throw<OperationCanceledException>(() => Fit(Checkpoint(), new Phases { StopAt = phase, Time = time }));
        Fit(Checkpoint(), rest).ShouldBe(whole);
        (all.Seen["als: alternate"] - rest.Seen["als: alternate"]).ShouldBe(spared);
        _said.ShouldNotBeEmpty();
        _said.ShouldAllBe(line => line.Contains("going on"));
    }

    [Fact]
    public void A_damaged_model_of_a_member_is_fitted_anew_and_that_is_said()
    {
        var whole = Fit(null, new Phases());
        Should.Throw<OperationCanceledException>(() => Fit(Checkpoint(), new Phases { StopAt = "weights: weigh" }));
        foreach (var file in Directory.GetFiles(_folder.Path, "*.model"))
        {
            var bytes = File.ReadAllBytes(file);
            bytes[^5] ^= 1;
            File.WriteAllBytes(file, bytes);
        }

        Fit(Checkpoint(), new Phases()).ShouldBe(whole);
        _said.Count(line => line.Contains("is damaged")).ShouldBe(2);
    }

    [Fact]
    public void All_that_was_kept_of_a_training_goes_with_it()
    {
        Should.Throw<OperationCanceledException>(() => Fit(Checkpoint(), new Phases { StopAt = "weights: weigh" }));
        var others = Checkpoints.Of(Request with { TrainingId = "t2" }, "data", 1, TrainingDatabase.Code)!;
        others.Part("als-whole")!.Offer(1, [new float[3]]);
        Checkpoints.Trainings().Order().ShouldBe(["t1", "t2"]);
        Checkpoints.Remove("t1");
        Checkpoints.Trainings().ShouldBe(["t2"]);
        others.Part("als-whole")!.Load()!.Iterations.ShouldBe(1);
        others.Part("als-held-out")!.Load().ShouldBeNull();
    }

    private static TrainingRequested Request => new("t1", "blend", "s", new Dictionary<string, string>(), 1, "a test", "to see", DateTimeOffset.UnixEpoch);

    private FitCheckpoints Checkpoints => new(_folder.Path, TimeProvider.System, _said.Add) { Pause = TimeSpan.Zero };

    private IFitCheckpoint Checkpoint() => Checkpoints.Of(Request, "data", 1, TrainingDatabase.Code)!;

    private static string Fit(IFitCheckpoint? checkpoint, Phases phases)
    {
        using var store = new TemporaryFolder();
        using var artifact = Recommenders.Named("blend").Fit(GeneratedData.Interactions(), Options, 1, new FitRun(Threads: 1, Progress: phases) { Checkpoint = checkpoint });
        return new ArtifactStore(store.Path).Put(artifact).ContentHash;
    }

    /// <summary>How often each phase was told; stops at the n-th time of one.</summary>
    private sealed class Phases : IProgress<FitProgress>
    {
        public string? StopAt { get; init; }
        public int Time { get; init; } = 1;
        public Dictionary<string, int> Seen { get; } = [];

        public void Report(FitProgress value)
        {
            Seen[value.Phase] = Seen.GetValueOrDefault(value.Phase) + 1;
            if (value.Phase == StopAt && Seen[value.Phase] == Time)
                throw new OperationCanceledException();
        }
    }
}
