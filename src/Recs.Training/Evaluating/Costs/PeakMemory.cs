namespace Recs.Training.Evaluating.Costs;

/// <summary>The process's peak of resident memory since a point in time, as the Linux kernel counts it (VmHWM, see proc(5)).</summary>
internal static class PeakMemory
{
    private const string ClearReferences = "/proc/self/clear_refs";
    private const string ResetPeak = "5";

    /// <summary>Starts counting anew.</summary>
    /// <returns>False where the system has no such count, or does not let it be reset.</returns>
    public static bool Reset()
    {
        GC.Collect();
        try
        {
            File.WriteAllText(ClearReferences, ResetPeak);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Peak since the last reset, in MiB.</summary>
    public static double MiB()
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024.0;
    }
}
