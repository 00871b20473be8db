using System.Diagnostics;
using Perdure.Bench.Engines;
using Perdure.Bench.Measuring;

namespace Perdure.Bench.Cases;

/// <summary>Workflows of one step, from a client to their ends, on a queue with a limit and on one without. One without lets a worker begin at once what it starts; one with does not.</summary>
internal static class QueueThroughput
{
    private const int InFlight = 100;

    public static string NameOf(Backend backend, int limit) => $"{backend.Text()}: {(limit == 0 ? "unlimited queue" : $"queue with limit {limit}")}";

    public static Case Create(Scratch scratch, Backend backend, int limit, int total) => new(NameOf(backend, limit), () => MeasureAsync(scratch, backend, limit, total))
    {
        Settings = [("store", backend.Text()), ("limit", limit), ("total", total)],
        Ratios = limit == 0 ? [] : [new Ratio("ofUnlimited", "workflowsPerSecond", NameOf(backend, 0), "workflowsPerSecond")],
    };

    private static async Task<Figures> MeasureAsync(Scratch scratch, Backend backend, int limit, int total)
    {
        var place = scratch.NewPlace(backend);
        var figures = new Figures();
        await using (var engine = await BenchEngine.StartAsync(place))
        {
            if (limit > 0) await engine.Client.Queues.ConfigureAsync(PerdureDefaults.Queue, new() { MaxConcurrency = limit });
            await engine.RunAsync(Workloads.Steps, new StepsInput(1, 0));
            var start = Stopwatch.GetTimestamp();
            await Load.RunAsync(total, InFlight, _ => engine.RunAsync(Workloads.Steps, new StepsInput(1, 150)));
            figures["workflowsPerSecond"] = total / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        scratch.Remove(place);
        return figures;
    }
}
