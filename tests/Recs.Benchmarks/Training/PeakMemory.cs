namespace Recs.Benchmarks.Training;

/// <summary>The process's peak of resident memory since a point in time, as the Linux kernel counts it.</summary>
internal static class PeakMemory
{
    /// <summary>Starts counting anew.</summary>
    public static void Reset()
    {
        GC.Collect();
        File.WriteAllText("/proc/self/clear_refs", "5"); // resets VmHWM, see proc(5)
    }

    /// <summary>Peak since the last reset, in MiB.</summary>
    public static double MiB()
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024.0;
    }
}
