using Recs.Training.Evaluating.Costs;

namespace Recs.Training.Tests.Evaluating.Costs;

public class MemoryGateTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task What_does_not_fit_beside_the_others_waits_for_room()
    {
        var gate = new MemoryGate(100);
        var first = gate.Enter(60, default);
        gate.Enter(40, default).Dispose();
        var second = Task.Run(() => gate.Enter(60, default));
        second.IsCompleted.ShouldBeFalse();
        first.Dispose();
        (await second.WaitAsync(Deadline)).Dispose();
    }

    [Fact]
    public void What_is_over_the_bound_runs_alone() => new MemoryGate(100).Enter(1000, default).Dispose();

    [Fact]
    public async Task A_wait_can_be_cancelled()
    {
        var gate = new MemoryGate(100);
        using var room = gate.Enter(100, default);
        using var cancel = new CancellationTokenSource();
        var waiting = Task.Run(() => gate.Enter(1, cancel.Token));
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting.WaitAsync(Deadline));
    }
}
