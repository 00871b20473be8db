using Perdure.Bench.Engines;
using Perdure.Bench.Measuring;

namespace Perdure.Bench.Cases;

/// <summary>Workflows of sequential steps, a fixed number of them in flight.</summary>
internal static class Throughput
{
    /// <summary>With a payload of this length an event of the engine has the 200 bytes that the limits write.</summary>
    public const int StandardPayload = 150;

    public static string NameOf(Backend backend, int steps, int inFlight) => $"{backend.Text()}: {steps} steps, {inFlight} in flight";

    public static Case Create(Scratch scratch, Backend backend, int steps, int inFlight, int total, int payload = StandardPayload) =>
        new(NameOf(backend, steps, inFlight), () => MeasureAsync(scratch, backend, Workloads.Steps, new StepsInput(steps, payload), inFlight, total))
        {
            Settings = [("store", backend.Text()), ("steps", steps), ("inFlight", inFlight), ("total", total), ("payload", payload)],
            Ratios = RatiosOf(backend, steps, inFlight),
        };

    /// <summary>What runs of so many steps are held against.</summary>
    public static IReadOnlyList<Ratio> RatiosOf(Backend backend, int steps, int inFlight) => backend is not (Backend.Sqlite or Backend.Postgres) ? [] :
    [
        new Ratio("ofPrototype", "workflowsPerSecond", PrototypeThroughput.NameOf(backend, steps, inFlight), "workflowsPerSecond"),
        new Ratio("ofLimitBy100", "eventsPerSecond", CommitLimits.NameOf(backend), "rowsPerSecondBy100"),
    ];

    /// <summary>Runs a workflow that makes as many steps as its input says, in whatever order, one event each.</summary>
    public static async Task<Figures> MeasureAsync(
        Scratch scratch, Backend backend, WorkflowDefinition<StepsInput, int> workflow, StepsInput input, int inFlight, int total)
    {
        var place = scratch.NewPlace(backend);
        var figures = new Figures();
        await using (var engine = await place.StartEngineAsync())
        {
            var expected = Workloads.ResultOf(input);
            // The first run waits until the worker is there.
            await engine.RunAsync(workflow, input);
            var log = LogLength(place);
            var meter = Meter.Start();
            var ticks = await Load.RunAsync(total, inFlight, async _ =>
            {
                if (await engine.RunAsync(workflow, input) != expected)
                    throw new InvalidOperationException("A run returned something else than its steps did.");
            });
            var reading = meter.Read();
            Fill(figures, reading, ticks, input.Steps);
            FillServer(figures, reading, total, input.Steps);
            if (backend == Backend.Postgres) figures["logBytesPerStep"] = (double)(LogLength(place) - log) / total / Math.Max(1, input.Steps);
            await Audit.CheckAsync(engine.Store, total + 1, input.Steps + 2);
        }
        scratch.Remove(place);
        return figures;
    }

    /// <summary>What the database server took of the processors, if there is one.</summary>
    public static void FillServer(Figures figures, Meter.Reading reading, int total, int steps)
    {
        if (reading.Server > TimeSpan.Zero && steps > 0) figures["serverCpuMicrosPerStep"] = reading.Server.TotalMicroseconds / total / steps;
    }

    /// <summary>How many bytes the server has ever written to its log.</summary>
    private static long LogLength(Place place) =>
        place.Backend == Backend.Postgres ? PostgresHost.Query(place.Address, "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint") : 0;

    public static void Fill(Figures figures, Meter.Reading reading, long[] ticks, int steps)
    {
        var total = ticks.Length;
        figures["workflowsPerSecond"] = total / reading.Elapsed.TotalSeconds;
        figures["stepsPerSecond"] = (double)total * steps / reading.Elapsed.TotalSeconds;
        figures["eventsPerSecond"] = (double)total * (steps + 2) / reading.Elapsed.TotalSeconds;
        figures.SetLatency("", ticks);
        figures["cpuMicrosPerWorkflow"] = reading.Processor.TotalMicroseconds / total;
        figures["bytesPerWorkflow"] = (double)reading.Allocated / total;
        if (steps == 0) return;
        figures["cpuMicrosPerStep"] = reading.Processor.TotalMicroseconds / total / steps;
        figures["bytesPerStep"] = (double)reading.Allocated / total / steps;
    }
}
