using System.Diagnostics;
using System.Globalization;
using Perdure.Bench.Engines;
using Perdure.Bench.Measuring;
using Perdure.Storage;

namespace Perdure.Bench.Cases;

/// <summary>
/// Many runs that sleep until the same instant: what each costs in memory, and how soon all have completed once they are due. Runs that are
/// due soon stay in memory (resident); others are given back to the store and claimed again (evicted).
/// </summary>
internal static class Sleepers
{
    private const int StartsInFlight = 100;

    /// <summary>Below the time for which a sleeping run is kept in memory.</summary>
    private static readonly TimeSpan ResidentSleep = TimeSpan.FromSeconds(4.5);

    /// <summary>Above it, also from the last start on, at <see cref="LeastStartsPerSecond"/>.</summary>
    private static readonly TimeSpan EvictedSleep = TimeSpan.FromSeconds(8);

    private const int LeastStartsPerSecond = 10_000;
    private const int LeastFillsPerSecond = 1_000;

    /// <summary>When memory is read: so long before they are due.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    /// <summary>More runs than this cannot be started while the first of them is still to stay in memory.</summary>
    public const int MostResident = 20_000;

    /// <summary>How long those sleep that are only there: none of them is due while anything is measured.</summary>
    private static readonly TimeSpan LongSleep = TimeSpan.FromDays(30);

    public static string NameOf(Backend backend, bool evicted, int beside = 0) =>
        $"{backend.Text()}: sleepers, {(evicted ? "evicted" : "resident")}{(beside == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", beside {beside}"))}";

    /// <param name="scratch">Where the database is made.</param>
    /// <param name="backend">The store.</param>
    /// <param name="evicted">Whether they sleep so long that no worker keeps them.</param>
    /// <param name="count">How many become due together.</param>
    /// <param name="beside">How many others sleep on meanwhile.</param>
    public static Case Create(Scratch scratch, Backend backend, bool evicted, int count, int beside = 0) =>
        new(NameOf(backend, evicted, beside), () => MeasureAsync(scratch, backend, evicted, count, beside))
        {
            Settings = [("store", backend.Text()), ("count", count), ("beside", beside)],
            // To fill it twice would take minutes and change nothing.
            IsOutside = beside > 0,
            Patience = TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds((double)beside / LeastFillsPerSecond),
        };

    private static async Task<Figures> MeasureAsync(Scratch scratch, Backend backend, bool evicted, int count, int beside)
    {
        var place = scratch.NewPlace(backend);
        var figures = new Figures();
        await using (var engine = await BenchEngine.StartAsync(place))
        {
            await engine.RunAsync(Workloads.Steps, new StepsInput(1, 0));
            Workloads.FallAsleep();
            var idle = Memory();
            if (beside > 0) await FillAsync(place, engine, beside, figures);
            var due = DateTimeOffset.UtcNow + (evicted ? EvictedSleep + TimeSpan.FromSeconds((double)count / LeastStartsPerSecond) : ResidentSleep);
            var started = Stopwatch.GetTimestamp();
            await Load.RunAsync(count, StartsInFlight, _ => engine.Client.StartAsync(Workloads.Sleeps, due));
            figures["startsPerSecond"] = count / Stopwatch.GetElapsedTime(started).TotalSeconds;

            while (DateTimeOffset.UtcNow < due - Look) await Task.Delay(10);
            if (Workloads.Awake > 0)
                throw new InvalidOperationException("Starting took so long that some runs did not sleep; use a smaller --count.");
            var owned = Database.CountOwned(place);
            if (owned != (evicted ? 0 : count)) throw new InvalidOperationException($"{owned} of {count} runs are in the worker's memory.");
            var asleep = Memory();
            figures["heapBytesPerRun"] = (double)(asleep.Heap - idle.Heap) / count;
            figures["rssBytesPerRun"] = (double)(asleep.Resident - idle.Resident) / count;
            var cpu = Environment.CpuUsage.TotalTime;
            await Task.Delay(500);
            figures["rssMegabytesAsleep"] = (asleep.Resident - idle.Resident) / 1e6;
            figures["cpuPercentAsleep"] = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / 500 * 100;

            while (Workloads.Awake < count && DateTimeOffset.UtcNow < due + TimeSpan.FromMinutes(2)) await Task.Delay(1);
            figures["allAwakeMs"] = (DateTimeOffset.UtcNow - due).TotalMilliseconds;
            while (Database.CountLive(place) > beside) await Task.Delay(1);
            figures["allCompletedMs"] = (DateTimeOffset.UtcNow - due).TotalMilliseconds;
            figures["wakesPerSecond"] = count / (figures["allCompletedMs"] / 1000);
            figures.SetLatency("lateness", await LatenessAsync(engine.Store, due, count));
        }
        scratch.Remove(place);
        return figures;
    }

    /// <summary>Starts runs that sleep for long, and waits until no worker holds one.</summary>
    private static async Task FillAsync(Place place, BenchEngine engine, int count, Figures figures)
    {
        var started = Stopwatch.GetTimestamp();
        var due = DateTimeOffset.UtcNow + LongSleep;
        await Load.RunAsync(count, StartsInFlight, _ => engine.Client.StartAsync(Workloads.Sleeps, due));
        while (Database.CountOwned(place) > 0) await Task.Delay(10);
        figures["fillsPerSecond"] = count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        // They have been asleep for long; nobody tidies up behind them any more.
        if (place.Backend == Backend.Postgres) PostgresHost.Vacuum(place.Address);
    }

    /// <summary>
    /// How long after it was due each run ended, in stopwatch ticks; throws unless all have completed, none of them early.
    /// </summary>
    private static async Task<long[]> LatenessAsync(IPerdureStore store, DateTimeOffset due, int count)
    {
        var lateness = new List<long>(count);
        await foreach (var run in Audit.ListAsync(store))
        {
            if (run.Workflow != Workloads.Sleeps.Name || run.Status == RunStatus.Suspended) continue;
            var late = run.ClosedAt - Instant.From(due);
            if (run.Status != RunStatus.Completed || late < TimeSpan.Zero)
                throw new InvalidOperationException($"Run {run.Id} is {run.Status}, {late} after it was due.");
            lateness.Add((long)(late.TotalSeconds * Stopwatch.Frequency));
        }
        return lateness.Count == count
            ? [.. lateness]
            : throw new InvalidOperationException($"{lateness.Count} of {count} sleeping runs are in the store.");
    }

    private static (long Heap, long Resident) Memory()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return (GC.GetTotalMemory(forceFullCollection: false), Environment.WorkingSet);
    }
}
