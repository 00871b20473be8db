using System.Diagnostics;

namespace Perdure.Bench.Measuring;

/// <summary>Wall time, processor time and allocations of this process since it was started.</summary>
internal readonly struct Meter
{
    private readonly long _started;
    private readonly TimeSpan _processor;
    private readonly long _allocated;

    private Meter(long started, TimeSpan processor, long allocated) => (_started, _processor, _allocated) = (started, processor, allocated);

    /// <summary>Collects garbage, so that no case pays for another's, and starts.</summary>
    public static Meter Start()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return new Meter(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true));
    }

    /// <summary>What has been used so far.</summary>
    public Reading Read()
    {
        var elapsed = Stopwatch.GetElapsedTime(_started);
        return new Reading(elapsed, Environment.CpuUsage.TotalTime - _processor, GC.GetTotalAllocatedBytes(precise: true) - _allocated);
    }

    internal readonly record struct Reading(TimeSpan Elapsed, TimeSpan Processor, long Allocated);
}
