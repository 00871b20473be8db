using System.Diagnostics;
using Perdure.Bench.Engines;

namespace Perdure.Bench.Measuring;

/// <summary>Wall time, processor time and allocations of this process since it was started, and processor time of its database server.</summary>
internal readonly struct Meter
{
    private readonly long _started;
    private readonly TimeSpan _processor;
    private readonly long _allocated;
    private readonly double _server;

    private Meter(long started, TimeSpan processor, long allocated, double server) =>
        (_started, _processor, _allocated, _server) = (started, processor, allocated, server);

    /// <summary>Collects garbage, so that no case pays for another's, and starts.</summary>
    public static Meter Start()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return new Meter(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true), ServerUse.Seconds());
    }

    /// <summary>What has been used so far.</summary>
    public Reading Read()
    {
        var elapsed = Stopwatch.GetElapsedTime(_started);
        return new Reading(elapsed, Environment.CpuUsage.TotalTime - _processor, GC.GetTotalAllocatedBytes(precise: true) - _allocated,
            TimeSpan.FromSeconds(ServerUse.Seconds() - _server));
    }

    internal readonly record struct Reading(TimeSpan Elapsed, TimeSpan Processor, long Allocated, TimeSpan Server);
}
