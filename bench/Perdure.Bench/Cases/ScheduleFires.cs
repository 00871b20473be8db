using System.Diagnostics;
using Perdure.Bench.Engines;
using Perdure.Bench.Measuring;

namespace Perdure.Bench.Cases;

/// <summary>
/// Schedules that are due every second, spread evenly over it, alone and beside many that wait for tomorrow: how long after its time the first line of a run executes, what a fire
/// costs, and what those cost that wait.
/// </summary>
internal static class ScheduleFires
{
    private const int CreatedAtOnce = 100;

    /// <summary>So many seconds are measured.</summary>
    private const int Window = 3;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Every time counts, also when the machine is behind: what is measured is how late each is.</summary>
    private static readonly ScheduleOptions Options = new() { Overlap = ScheduleOverlap.AllowAll, CatchUp = ScheduleCatchUp.All };

    public static string NameOf(Backend backend, int waiting) => $"{backend.Text()}: schedules every second, {(waiting == 0 ? "alone" : $"beside {waiting} that wait")}";

    public static Case Create(Scratch scratch, Backend backend, int count, int waiting) => new(NameOf(backend, waiting), () => MeasureAsync(scratch, backend, count, waiting))
    {
        Settings = [("store", backend.Text()), ("count", count), ("waiting", waiting), ("seconds", Window)],
        Ratios = waiting == 0
            ? [new Ratio("latenessInCommits", "latenessP50Ms", CommitLimits.NameOf(backend), "loneCommitP50Ms")]
            : [new Ratio("cpuOfAlone", "cpuMicrosPerFire", NameOf(backend, 0), "cpuMicrosPerFire"), new Ratio("latenessOfAlone", "latenessP50Ms", NameOf(backend, 0), "latenessP50Ms")],
    };

    private static async Task<Figures> MeasureAsync(Scratch scratch, Backend backend, int count, int waiting)
    {
        var place = scratch.NewPlace(backend);
        var figures = new Figures();
        await using (var engine = await BenchEngine.StartAsync(place))
        {
            await engine.RunAsync(Workloads.Steps, new StepsInput(1, 0));
            if (waiting > 0) await WaitAsync(engine, place, waiting, figures);

            Fires.Forget();
            var birth = DateTimeOffset.UtcNow;
            await CreateAsync(engine, "fires", count, i => ScheduleTimes.Every(TimeSpan.FromSeconds(1), birth.AddSeconds((double)i / count)));
            // The first second after the last creation is not measured.
            var from = DateTimeOffset.UtcNow + Look;
            await Task.Delay(Look);
            var meter = Meter.Start();
            await Task.Delay(TimeSpan.FromSeconds(Window));
            var reading = meter.Read();
            var fires = await TakeAsync(fire => fire.Slot >= from && fire.Slot < from.AddSeconds(Window), count * Window);
            figures["firesPerSecond"] = fires.Count / (fires.Max(static fire => fire.At) - from).TotalSeconds;
            figures["cpuMicrosPerFire"] = reading.Processor.TotalMicroseconds / fires.Count;
            if (backend == Backend.Postgres) figures["serverCpuMicrosPerFire"] = reading.Server.TotalMicroseconds / fires.Count;
            figures.SetLatency("lateness", Lateness(fires));
        }
        scratch.Remove(place);
        return figures;
    }

    /// <summary>Creates schedules that are due tomorrow, and reads what they cost once the worker has given them back.</summary>
    private static async Task WaitAsync(BenchEngine engine, Place place, int waiting, Figures figures)
    {
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        var created = Stopwatch.GetTimestamp();
        var tomorrow = DateTimeOffset.UtcNow.AddDays(1);
        await CreateAsync(engine, "waits", waiting, _ => ScheduleTimes.At(tomorrow));
        figures["createdPerSecond"] = waiting / Stopwatch.GetElapsedTime(created).TotalSeconds;
        for (var start = Stopwatch.GetTimestamp(); Database.CountOwned(place) > 0; await Task.Delay(50))
            if (Stopwatch.GetElapsedTime(start) > Patience) throw new InvalidOperationException("The schedules that wait for tomorrow stay in memory.");
        figures["heapBytesPerWaiting"] = (double)(GC.GetTotalMemory(forceFullCollection: true) - heap) / waiting;
        var cpu = Environment.CpuUsage.TotalTime;
        await Task.Delay(Look);
        figures["cpuPercentWaiting"] = (Environment.CpuUsage.TotalTime - cpu) / Look * 100;
    }

    public static Task CreateAsync(BenchEngine engine, string prefix, int count, Func<int, ScheduleTimes> times) =>
        Load.RunAsync(count, CreatedAtOnce, i => engine.Client.Schedules.CreateAsync($"{prefix}-{i}", times(i), Workloads.Fires, 0, Options));

    /// <summary>Waits until so many times have had their run; throws unless each had exactly one.</summary>
    public static async Task<IReadOnlyList<Fires.Fire>> TakeAsync(Func<Fires.Fire, bool> which, int expected)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Patience; await Task.Delay(20))
        {
            if (Fires.Count < expected) continue;
            Fires.Fire[] fires = [.. Fires.All().Where(which)];
            if (fires.Length < expected) continue;
            if (fires.DistinctBy(static fire => fire.Run).Count() != expected) throw new InvalidOperationException($"{fires.Length} runs began for {expected} times.");
            return fires;
        }
        throw new InvalidOperationException($"{Fires.All().Count(which)} runs began for {expected} times.");
    }

    /// <summary>How long after its time the first line of each run executed, in stopwatch ticks; throws if one was early.</summary>
    public static long[] Lateness(IReadOnlyList<Fires.Fire> fires) =>
    [
        .. fires.Select(static fire => fire.At >= fire.Slot
            ? (long)((fire.At - fire.Slot).TotalSeconds * Stopwatch.Frequency)
            : throw new InvalidOperationException($"{fire.Run} began at {fire.At:O}, before it was due.")),
    ];
}
