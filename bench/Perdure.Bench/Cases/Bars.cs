using Perdure.Bench.Engines;
using Perdure.Bench.Measuring;

namespace Perdure.Bench.Cases;

/// <summary>What the engine promises on a database, as ratios wherever a machine would decide the number.</summary>
internal static class Bars
{
    private const int InFlight = 100;

    /// <summary>What a hint to another process may add, in milliseconds.</summary>
    private const double HintMs = 0.3;

    public static IReadOnlyList<Bar> Of(Backend backend) => backend == Backend.Postgres ? Postgres : Sqlite;

    private static IReadOnlyList<Bar> Sqlite { get; } =
    [
        Share(Backend.Sqlite, 5),
        Share(Backend.Sqlite, 20),
        .. Idle(Backend.Sqlite, oneStep: (3, 2.5), hundredSteps: (1.4, 1.25)),
        Figure("engine on a store that does nothing, CPU per step", Throughput.NameOf(Backend.Null, 20, InFlight), "cpuMicrosPerStep", 2, 1.5, "µs"),
        Figure("engine on a store that does nothing, allocated per step", Throughput.NameOf(Backend.Null, 20, InFlight), "bytesPerStep", 1536, 1024, "B"),
        .. Sleeping(Backend.Sqlite, 300),
        Figure("SIGKILL with 1,000 × 20 steps in flight, restart to all done", Recovery.Name, "allDoneMs", 600, 600, "ms"),
        Figure("process start to first completed workflow, empty database", Startup.NameOf(Backend.Sqlite), "firstCompletedMs", 150, 150, "ms"),
        Figure("replay of a 1,000-event history", Replay.Name, "replayedPerSecond", 500_000, 1_000_000, "events/s") with
        {
            MoreIsBetter = true,
        },
    ];

    private static IReadOnlyList<Bar> Postgres { get; } =
    [
        Share(Backend.Postgres, 5),
        Share(Backend.Postgres, 20),
        .. Idle(Backend.Postgres, oneStep: (3.5, 3), hundredSteps: (1.8, 1.5)),
        Figure("enqueue to start between processes, p50, above 2 lone commits", BetweenProcesses.NameOf(Backend.Postgres), "enqueueToStartAboveTwoCommitsMs", HintMs, HintMs, "ms"),
        Figure("signal to completed between processes, p50, above 3 lone commits", BetweenProcesses.NameOf(Backend.Postgres), "signalToCompletedAboveThreeCommitsMs", HintMs, HintMs, "ms"),
        .. Sleeping(Backend.Postgres, 500),
        Figure("SIGKILL of one of two workers with 1,000 × 20 steps in flight, all done", Takeover.NameOf(Backend.Postgres), "allDoneMs", 900, 900, "ms"),
        Figure("… first progress of its runs", Takeover.NameOf(Backend.Postgres), "firstProgressMs", 1000, 1000, "ms"),
        Figure("process start to first completed workflow, empty database", Startup.NameOf(Backend.Postgres), "firstCompletedMs", 250, 250, "ms"),
    ];

    private static Bar[] Idle(Backend backend, (double Bar, double Goal) oneStep, (double Bar, double Goal) hundredSteps)
    {
        var from = IdleLatency.NameOf(backend);
        return
        [
            Figure("1-step workflow, idle, p50", from, "oneStepInCommits", oneStep.Bar, oneStep.Goal, "lone commits"),
            Figure("100 sequential steps, idle, × 101 lone commits", from, "hundredStepsOf101Commits", hundredSteps.Bar, hundredSteps.Goal),
            Figure("100 Deferred steps, idle", from, "hundredStepsDeferredInCommits", 10, 10, "lone commits"),
            Figure("enqueue to start, idle, p50", from, "enqueueToStartInCommits", 2, 2, "lone commits"),
            Figure("signal to completed, idle, p50", from, "signalToCompletedInCommits", 3, 3, "lone commits"),
        ];
    }

    private static Bar[] Sleeping(Backend backend, double all) =>
    [
        Figure("10,000 sleepers due at once, evicted, all completed", Sleepers.NameOf(backend, evicted: true), "allCompletedMs", all, all, "ms"),
        Figure("10,000 sleepers due at once, resident, all completed", Sleepers.NameOf(backend, evicted: false), "allCompletedMs", all, all, "ms"),
        Figure("memory per suspended run, resident", Sleepers.NameOf(backend, evicted: false), "heapBytesPerRun", 2048, 1536, "B"),
        Figure("memory per suspended run, evicted", Sleepers.NameOf(backend, evicted: true), "heapBytesPerRun", 200, 0, "B"),
    ];

    private static Bar Share(Backend backend, int steps)
    {
        var ratio = new Ratio("ofPrototype", "workflowsPerSecond", PrototypeThroughput.NameOf(backend, steps, InFlight), "workflowsPerSecond");
        var engine = Throughput.NameOf(backend, steps, InFlight);
        return new Bar($"{steps}-step workflows/s, 100 in flight, of the prototype", 0.65, 0.85, "", results => results.Find(engine, ratio)) { MoreIsBetter = true };
    }

    private static Bar Figure(string name, string from, string figure, double limit, double goal, string unit = "") =>
        new(name, limit, goal, unit, results => results.Find(from, figure));
}
