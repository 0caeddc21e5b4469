using System.Diagnostics;

namespace Actors.Web.Metrics;

/// <summary>This process: CPU, memory, garbage collection; under the names that every Prometheus client uses, where there are such.</summary>
internal static class ProcessMetrics
{
    public static void Write(MetricsText text, string version)
    {
        using Process process = Process.GetCurrentProcess();
        text.Gauge("actors_build_info", "Always 1; the label says the version of the program.").Sample(1, ("version", version));
        text.Counter("process_cpu_seconds_total", "CPU time of this process.").Sample(process.TotalProcessorTime.TotalSeconds);
        text.Gauge("process_resident_memory_bytes", "Resident memory of this process.").Sample(process.WorkingSet64);
        text.Gauge("process_start_time_seconds", "When this process started, in seconds since 1970.")
            .Sample(new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1000.0);
        text.Gauge("process_threads", "Threads of this process.").Sample(process.Threads.Count);
        text.Gauge("dotnet_gc_heap_size_bytes", "Managed memory in use after the last collection.").Sample(GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes);
        text.Counter("dotnet_gc_allocated_bytes_total", "Managed memory ever allocated.").Sample(GC.GetTotalAllocatedBytes(precise: false));
        text.Counter("dotnet_gc_pause_seconds_total", "Time in which collections stopped all threads.").Sample(GC.GetTotalPauseDuration().TotalSeconds);
        text.Counter("dotnet_gc_collections_total", "Collections, by generation.");
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            text.Sample(GC.CollectionCount(generation), ("generation", generation.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        text.Gauge("dotnet_threadpool_threads", "Threads of the pool.").Sample(ThreadPool.ThreadCount);
        text.Gauge("dotnet_threadpool_queue_length", "Work items that wait for a thread of the pool.").Sample(ThreadPool.PendingWorkItemCount);
    }
}
