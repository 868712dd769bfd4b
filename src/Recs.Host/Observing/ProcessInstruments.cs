using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using Recs.Host.Composition;
using Recs.Training.Fitting;

namespace Recs.Host.Observing;

/// <summary>What the process itself shows: build, roles, processor, memory, garbage collection, threads. Names are those that Prometheus' own clients use.</summary>
internal sealed class ProcessInstruments : IDisposable
{
    private readonly Meter _meter = new("Recs.Process");

    /// <summary>Shows them until disposed.</summary>
    /// <param name="roles">Roles of this process.</param>
    public ProcessInstruments(Roles roles)
    {
        using var process = Process.GetCurrentProcess();
        var started = new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1000.0;
        var build = Build();
        _meter.CreateObservableGauge("recs_build_info", () => build, null, "Always 1; the labels say what runs here.");
        _meter.CreateObservableGauge("recs_role_info", () => RoleNames.Of(roles).Select(role => new Measurement<long>(1, Tag("role", role))), null, "1 for each role that this process runs.");
        _meter.CreateObservableGauge("process_start_time_seconds", () => started, "s", "When the process started, in seconds since 1970.");
        _meter.CreateObservableCounter("process_cpu_seconds_total", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time of all threads, user and system.");
        _meter.CreateObservableGauge("process_resident_memory_bytes", () => Environment.WorkingSet, "By", "Memory that the process occupies.");
        if (Directory.Exists("/proc/self/fd"))
            _meter.CreateObservableGauge("process_open_fds", () => Directory.GetFileSystemEntries("/proc/self/fd").Length, null, "Open files and sockets.");
        AddRuntime();
    }

    /// <summary>Shows them no more.</summary>
    public void Dispose() => _meter.Dispose();

    private void AddRuntime()
    {
        _meter.CreateObservableCounter(
            "dotnet_gc_collections_total", () => Enumerable.Range(0, GC.MaxGeneration + 1).Select(g => new Measurement<long>(GC.CollectionCount(g), Tag("generation", $"{g}"))),
            null, "Garbage collections by generation; a collection of a higher one counts as one of the lower ones too.");
        _meter.CreateObservableCounter("dotnet_gc_pause_seconds_total", () => GC.GetTotalPauseDuration().TotalSeconds, "s", "Time that all threads stood still for the garbage collector.");
        _meter.CreateObservableCounter("dotnet_gc_allocated_bytes_total", () => GC.GetTotalAllocatedBytes(), "By", "Bytes allocated on the managed heap.");
        _meter.CreateObservableGauge("dotnet_gc_heap_bytes", () => GC.GetTotalMemory(false), "By", "Bytes on the managed heap, garbage included.");
        _meter.CreateObservableGauge("dotnet_threadpool_threads", () => ThreadPool.ThreadCount, null, "Threads of the pool.");
        _meter.CreateObservableGauge("dotnet_threadpool_queue_length", () => ThreadPool.PendingWorkItemCount, null, "Work that waits for a thread of the pool.");
        _meter.CreateObservableCounter("dotnet_threadpool_completed_items_total", () => ThreadPool.CompletedWorkItemCount, null, "Work that the pool has done.");
        _meter.CreateObservableCounter("dotnet_lock_contentions_total", () => Monitor.LockContentionCount, null, "Times that a thread had to wait for a lock.");
    }

    private static Measurement<long> Build()
    {
        var assembly = typeof(ProcessInstruments).Assembly;
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
        return new(1, Tag("version", version), Tag("revision", CodeRevision.Of(assembly).Revision), Tag("dotnet", Environment.Version.ToString()));
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
