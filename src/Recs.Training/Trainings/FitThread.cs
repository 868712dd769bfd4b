using System.Runtime.InteropServices;

namespace Recs.Training.Trainings;

/// <summary>Runs a fit on a thread of its own that gives way to whatever serves. The kernels' threads are its children and step back with it.</summary>
internal static partial class FitThread
{
    private const int OneThread = 0;
    private const uint Itself = 0;
    private const int Nice = 10;

    /// <summary>Runs the work.</summary>
    /// <param name="inBackground">Below normal priority.</param>
    /// <param name="work">What to do.</param>
    public static Task<T> RunAsync<T>(bool inBackground, Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        // The outcome is told by a thread that did not step back: telling it may start a pool thread, which would inherit the niceness and serve requests with it.
        Start("recs fit outcome", () =>
        {
            var tell = () => { };
            Start("recs fit", () => tell = Carry(inBackground, work, done)).Join();
            tell();
        });
        return done.Task;
    }

    private static Thread Start(string name, ThreadStart run)
    {
        var thread = new Thread(run) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    private static Action Carry<T>(bool inBackground, Func<T> work, TaskCompletionSource<T> done)
    {
        try
        {
            if (inBackground)
                StepBack();
            var result = work();
            return () => done.SetResult(result);
        }
        catch (OperationCanceledException e)
        {
            return () => done.SetCanceled(e.CancellationToken);
        }
        catch (Exception e) // carried to whoever waits: an exception must not end the process from a thread of ours
        {
            return () => done.SetException(e);
        }
    }

    /// <summary>.NET's thread priorities do nothing on Linux. There a thread's nice value does, and the threads that it starts inherit it.</summary>
    private static void StepBack()
    {
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        if (OperatingSystem.IsLinux() && GetPriority(OneThread, Itself) < Nice) // a process that gives way further already must not step forward
            _ = SetPriority(OneThread, Itself, Nice); // refused or not: it is a courtesy, the result does not depend on it
    }

    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int GetPriority(int which, uint who);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);
}
