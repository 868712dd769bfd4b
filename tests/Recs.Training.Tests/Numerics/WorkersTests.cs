using Recs.Training.Numerics;

namespace Recs.Training.Tests.Numerics;

public class WorkersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void No_job_of_a_phase_begins_before_all_jobs_of_the_phase_before_are_done(int threads)
    {
        const int phases = 50, jobs = 7;
        var done = new int[phases];
        var early = 0;
        Workers.RunPhases(threads, phases, jobs, (phase, _) =>
        {
            if (phase > 0 && Volatile.Read(ref done[phase - 1]) != jobs)
                Interlocked.Increment(ref early);
            Interlocked.Increment(ref done[phase]);
        });
        early.ShouldBe(0);
        done.ShouldAllBe(count => count == jobs);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_failure_ends_the_phases_and_reaches_the_caller(int threads)
    {
        var last = 0;
        Should.Throw<InvalidOperationException>(() => Workers.RunPhases(threads, 50, 5, (phase, job) =>
        {
            InterlockedMax(ref last, phase);
            if (phase == 3 && job == 2)
                throw new InvalidOperationException("broken");
        })).Message.ShouldBe("broken");
        last.ShouldBe(3);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value;)
            seen = Interlocked.CompareExchange(ref target, value, seen);
    }

    /// <summary>Phases that fail at once, so often that a thread is caught on its way from one phase to the next.</summary>
    [Fact]
    public async Task A_failing_phase_leaves_no_thread_waiting() => await Task.Run(() =>
    {
        for (var repeat = 0; repeat < 2_000; repeat++)
            Should.Throw<InvalidOperationException>(() => Workers.RunPhases(4, 3, 4, (phase, job) =>
            {
                if (phase == 1)
                    throw new InvalidOperationException($"job {job}");
            }));
    }).WaitAsync(TimeSpan.FromSeconds(120));
}
