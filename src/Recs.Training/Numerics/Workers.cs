using System.Runtime.ExceptionServices;

namespace Recs.Training.Numerics;

/// <summary>Runs independent jobs on threads of its own: a fit must not take the pool's threads from the requests that are served meanwhile.</summary>
internal static class Workers
{
    /// <summary>Runs jobs 0 to <paramref name="jobs"/> - 1, each once, in no order; returns when all are done.</summary>
    /// <param name="threads">Threads at most, the caller's included.</param>
    /// <param name="jobs">Number of jobs.</param>
    /// <param name="job">What to do; must not depend on what another job does.</param>
    public static void Run(int threads, int jobs, Action<int> job) => Run(threads, jobs, static () => NoState, (_, i) => job(i));

    /// <summary>The same with a state that each thread makes once and disposes.</summary>
    public static void Run<TState>(int threads, int jobs, Func<TState> makeState, Action<TState, int> job) where TState : IDisposable
    {
        var next = -1;
        Exception? failure = null;
        var helpers = new Thread[Math.Clamp(threads, 1, Math.Max(jobs, 1)) - 1];
        for (var i = 0; i < helpers.Length; i++)
        {
            helpers[i] = new Thread(Work) { IsBackground = true, Name = "recs fit" };
            helpers[i].Start();
        }

        Work();
        foreach (var helper in helpers)
            helper.Join();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);

        void Work()
        {
            try
            {
                using var state = makeState();
                for (var i = Interlocked.Increment(ref next); i < jobs && Volatile.Read(ref failure) is null; i = Interlocked.Increment(ref next))
                    job(state, i);
            }
            catch (Exception e) // carried to the caller: an exception must not end the process from a thread of ours
            {
                Interlocked.CompareExchange(ref failure, e, null);
            }
        }
    }

    /// <summary>
    /// Runs phases one after the other, each made of independent jobs, on the same threads: for work whose phases are too short to start threads for. Returns when all are done.
    /// </summary>
    /// <param name="threads">Threads at most, the caller's included.</param>
    /// <param name="phases">Number of phases.</param>
    /// <param name="jobs">Jobs of every phase.</param>
    /// <param name="job">What to do, by phase and job; must not depend on what another job of its phase does.</param>
    public static void RunPhases(int threads, int phases, int jobs, Action<int, int> job)
    {
        var team = Math.Clamp(threads, 1, Math.Max(jobs, 1));
        var (next, stop) = (-1, false);
        Exception? failure = null;
        using var end = new Barrier(team, _ => (next, stop) = (-1, failure is not null)); // settled before any thread goes on, so that all leave after the same phase
        Run(team, team, _ =>
        {
            for (var phase = 0; phase < phases && !stop; phase++)
            {
                try
                {
                    for (var i = Interlocked.Increment(ref next); i < jobs; i = Interlocked.Increment(ref next))
                        job(phase, i);
                }
                catch (Exception e) // carried to the caller: the other threads wait for this one at the end of the phase
                {
                    Interlocked.CompareExchange(ref failure, e, null);
                }

                end.SignalAndWait();
            }
        });
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    private static readonly Nothing NoState = new();

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
            // Stateless jobs share this.
        }
    }
}
