using Perdure.Bench.Engines;
using Perdure.Bench.Measuring;

namespace Perdure.Bench.Cases;

/// <summary>What the engine promises on SQLite, as ratios wherever a machine would decide the number.</summary>
internal static class Bars
{
    private const int InFlight = 100;
    private static readonly string Nothing = Throughput.NameOf(Backend.Null, 20, InFlight);
    private static readonly string Idle = IdleLatency.NameOf(Backend.Sqlite);

    public static IReadOnlyList<Bar> All { get; } =
    [
        Share("5-step workflows/s, 100 in flight, of the prototype", 5, 0.65, 0.85),
        Share("20-step workflows/s, 100 in flight, of the prototype", 20, 0.65, 0.85),
        Figure("1-step workflow, idle, p50", Idle, "oneStepInCommits", 3, 2.5, "lone commits"),
        Figure("100 sequential steps, idle, × 101 lone commits", Idle, "hundredStepsOf101Commits", 1.4, 1.25),
        Figure("100 Deferred steps, idle", Idle, "hundredStepsDeferredInCommits", 10, 10, "lone commits"),
        Figure("engine on a store that does nothing, CPU per step", Nothing, "cpuMicrosPerStep", 2, 1.5, "µs"),
        Figure("engine on a store that does nothing, allocated per step", Nothing, "bytesPerStep", 1536, 1024, "B"),
        Figure("enqueue to start, idle, p50", Idle, "enqueueToStartInCommits", 2, 2, "lone commits"),
        Figure("signal to completed, idle, p50", Idle, "signalToCompletedInCommits", 3, 3, "lone commits"),
        Figure("10,000 sleepers due at once, evicted, all completed", Sleepers.NameOf(evicted: true), "allCompletedMs", 300, 300, "ms"),
        Figure("10,000 sleepers due at once, resident, all completed", Sleepers.NameOf(evicted: false), "allCompletedMs", 300, 300, "ms"),
        Figure("memory per suspended run, resident", Sleepers.NameOf(evicted: false), "heapBytesPerRun", 2048, 1536, "B"),
        Figure("memory per suspended run, evicted", Sleepers.NameOf(evicted: true), "heapBytesPerRun", 200, 0, "B"),
        Figure("SIGKILL with 1,000 × 20 steps in flight, restart to all done", Recovery.Name, "allDoneMs", 600, 600, "ms"),
        Figure("process start to first completed workflow, empty database", Startup.Name, "firstCompletedMs", 150, 150, "ms"),
        Figure("replay of a 1,000-event history", Replay.Name, "replayedPerSecond", 500_000, 1_000_000, "events/s") with
        {
            MoreIsBetter = true,
        },
    ];

    private static Bar Share(string name, int steps, double limit, double goal)
    {
        var ratio = new Ratio("ofPrototype", "workflowsPerSecond", PrototypeThroughput.NameOf(steps, InFlight), "workflowsPerSecond");
        var engine = Throughput.NameOf(Backend.Sqlite, steps, InFlight);
        return new Bar(name, limit, goal, "", results => results.Find(engine, ratio)) { MoreIsBetter = true };
    }

    private static Bar Figure(string name, string from, string figure, double limit, double goal, string unit = "") =>
        new(name, limit, goal, unit, results => results.Find(from, figure));
}
