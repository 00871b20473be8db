using Perdure.Bench.Engines;
using Perdure.Bench.Measuring;

namespace Perdure.Bench.Cases;

/// <summary>
/// Parents that start children of one step each, all at once, and wait for their ends. The prototype beside them runs as many workflows of one step, with nobody who starts them or
/// is told.
/// </summary>
internal static class Children
{
    public static string NameOf(Backend backend, int children, int inFlight) => $"{backend.Text()}: {children} children, {inFlight} in flight";

    public static Case Create(Scratch scratch, Backend backend, int children, int inFlight, int total) =>
        new(NameOf(backend, children, inFlight), () => MeasureAsync(scratch, backend, new StepsInput(children, Throughput.StandardPayload), inFlight, total))
        {
            Settings = [("store", backend.Text()), ("children", children), ("inFlight", inFlight), ("total", total)],
            Ratios = backend is not (Backend.Sqlite or Backend.Postgres) ? []
                : inFlight == 1 ? [new Ratio("inCommits", "p50Ms", CommitLimits.NameOf(backend), "loneCommitP50Ms")]
                : [new Ratio("ofPrototype", "childrenPerSecond", PrototypeThroughput.NameOf(backend, 1, children * inFlight), "workflowsPerSecond")],
        };

    private static async Task<Figures> MeasureAsync(Scratch scratch, Backend backend, StepsInput input, int inFlight, int total)
    {
        var place = scratch.NewPlace(backend);
        var figures = new Figures();
        await using (var engine = await BenchEngine.StartAsync(place))
        {
            var expected = Workloads.ResultOf(input);
            // The first run waits until the worker is there.
            await engine.RunAsync(Workloads.Parent, input);
            var meter = Meter.Start();
            var ticks = await Load.RunAsync(total, inFlight, async _ =>
            {
                if (await engine.RunAsync(Workloads.Parent, input) != expected) throw new InvalidOperationException("A parent returned something else than its children did.");
            });
            var reading = meter.Read();
            var children = (double)total * input.Steps;
            figures["parentsPerSecond"] = total / reading.Elapsed.TotalSeconds;
            figures["childrenPerSecond"] = children / reading.Elapsed.TotalSeconds;
            figures.SetLatency("", ticks);
            figures["cpuMicrosPerChild"] = reading.Processor.TotalMicroseconds / children;
            figures["bytesPerChild"] = reading.Allocated / children;
            if (backend == Backend.Postgres) figures["serverCpuMicrosPerChild"] = reading.Server.TotalMicroseconds / children;
            await Audit.CheckAsync(engine.Store, (total + 1) * (input.Steps + 1));
        }
        scratch.Remove(place);
        return figures;
    }
}
