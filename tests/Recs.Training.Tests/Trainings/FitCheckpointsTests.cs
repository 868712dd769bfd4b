using System.Diagnostics;
using Recs.Contracts.Registry;
using Recs.Training.Fitting;
using Recs.Training.Trainings;

namespace Recs.Training.Tests.Trainings;

public sealed class FitCheckpointsTests : IDisposable
{
    private static readonly float[][] State = [[1, float.MinValue, 1e-45f], [], [4]];
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _said = [];
    private FitCheckpoints Checkpoints => new(_folder.Path, TimeProvider.System, _said.Add) { Pause = TimeSpan.Zero };

    [Fact]
    public void A_state_is_read_back_to_the_bit_and_the_last_one_counts()
    {
        Of(Request).Offer(1, [[0, 0, 0], [], [0]]);
        Of(Request).Offer(7, State);
        var kept = Of(Request).Load()!;
        kept.Iterations.ShouldBe(7);
        kept.State.Select(a => string.Join(' ', a.Select(BitConverter.SingleToInt32Bits))).ShouldBe(State.Select(a => string.Join(' ', a.Select(BitConverter.SingleToInt32Bits))));
        Directory.GetFiles(_folder.Path).Length.ShouldBe(1, "nothing is left of the writing");
    }

    [Fact]
    public void A_checkpoint_of_another_fit_is_not_used_and_that_is_said()
    {
        Of(Request).Offer(1, State);
        IFitCheckpoint[] others =
        [
            Of(Request with { Model = "bpr" }), Of(Request with { Seed = 2 }), Of(Request with { Options = new Dictionary<string, string> { ["alpha"] = "2" } }),
            Checkpoints.Of(Request, "other data", 1, TrainingDatabase.Code)!, Checkpoints.Of(Request, "data", 2, TrainingDatabase.Code)!,
            Checkpoints.Of(Request, "data", 1, new CodeRevision("def456", false))!,
        ];
        others.ShouldAllBe(o => o.Load() == null);
        _said.ShouldAllBe(line => line.Contains("begins anew"));
        _said.Count.ShouldBe(others.Length);
    }

    [Fact]
    public void A_checkpoint_with_one_bit_changed_or_its_end_cut_off_is_not_used()
    {
        Of(Request).Offer(1, State);
        var path = Directory.GetFiles(_folder.Path).Single();
        var whole = File.ReadAllBytes(path);
        for (var at = 0; at < whole.Length; at += 5)
        {
            var altered = whole.ToArray();
            altered[at] ^= 1;
            File.WriteAllBytes(path, altered);
            Of(Request).Load().ShouldBeNull($"byte {at}");
        }

        File.WriteAllBytes(path, whole[..^3]);
        Of(Request).Load().ShouldBeNull();
    }

    [Fact]
    public void Nothing_is_written_before_the_pause_is_over()
    {
        new FitCheckpoints(_folder.Path, TimeProvider.System, _said.Add).Of(Request, "data", 1, TrainingDatabase.Code)!.Offer(1, State);
        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void A_disk_that_takes_no_file_costs_the_checkpoint_and_not_the_fit()
    {
        var file = Path.Combine(_folder.Path, "taken");
        File.WriteAllText(file, "");
        var checkpoint = new FitCheckpoints(file, TimeProvider.System, _said.Add) { Pause = TimeSpan.Zero }.Of(Request, "data", 1, TrainingDatabase.Code)!;
        checkpoint.Offer(1, State);
        checkpoint.Offer(2, State);
        _said.Single().ShouldContain("no checkpoint can be written");
    }

    [Fact]
    public void An_id_that_cannot_be_a_file_s_name_has_no_checkpoint() => Checkpoints.Of(Request with { TrainingId = "../t" }, "data", 1, TrainingDatabase.Code).ShouldBeNull();

    [Fact]
    public async Task A_fit_whose_process_was_killed_in_the_middle_goes_on_and_gives_the_same_bytes()
    {
        using var child = Process.Start(new ProcessStartInfo("dotnet", [typeof(FitCheckpointsTests).Assembly.Location, CheckpointedFit.Verb, _folder.Path]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        (await child.StandardOutput.ReadLineAsync(patience.Token)).ShouldBe($"{CheckpointedFit.StopsAfter} are done");
        child.Kill(); // SIGKILL: nothing of it gets to tidy up
        await child.WaitForExitAsync(patience.Token);

        var done = new Fractions();
        var resumed = CheckpointedFit.Run(_folder.Path, _said.Add, done);
        _said.Single().ShouldContain($"going on after iteration {CheckpointedFit.StopsAfter}");
        done.First.ShouldBe((double)CheckpointedFit.StopsAfter / CheckpointedFit.Iterations);
        resumed.ShouldBe(CheckpointedFit.Run(folder: null, _said.Add, progress: null));
    }

    public void Dispose() => _folder.Dispose();

    private static TrainingRequested Request => new("t1", "als", "s", new Dictionary<string, string> { ["alpha"] = "1" }, 1, "a test", "to see", DateTimeOffset.UnixEpoch);

    private IFitCheckpoint Of(TrainingRequested request) => Checkpoints.Of(request, "data", 1, TrainingDatabase.Code)!;

    /// <summary>Where the iterations began.</summary>
    private sealed class Fractions : IProgress<FitProgress>
    {
        public double? First { get; private set; }

        public void Report(FitProgress value)
        {
            if (value.Phase == "alternate")
                First ??= value.Fraction;
        }
    }
}
