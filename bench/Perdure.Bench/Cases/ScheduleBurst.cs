using Perdure.Bench.Engines;
using Perdure.Bench.Measuring;

namespace Perdure.Bench.Cases;

/// <summary>Many schedules that are due at the same instant: how soon each has started its run, beside runs of the prototype that nobody had to schedule.</summary>
internal static class ScheduleBurst
{
    private const int LeastCreatedPerSecond = 1_000;
    private const int InFlight = 100;

    public static string NameOf(Backend backend) => $"{backend.Text()}: schedules at one instant";

    public static Case Create(Scratch scratch, Backend backend, int count) => new(NameOf(backend), () => MeasureAsync(scratch, backend, count))
    {
        Settings = [("store", backend.Text()), ("count", count)],
        Ratios = [new Ratio("ofPrototype", "firesPerSecond", PrototypeThroughput.NameOf(backend, 1, InFlight), "workflowsPerSecond")],
    };

    private static async Task<Figures> MeasureAsync(Scratch scratch, Backend backend, int count)
    {
        var place = scratch.NewPlace(backend);
        var figures = new Figures();
        await using (var engine = await BenchEngine.StartAsync(place))
        {
            await engine.RunAsync(Workloads.Steps, new StepsInput(1, 0));
            Fires.Forget();
            var due = DateTimeOffset.UtcNow.AddSeconds(2 + (double)count / LeastCreatedPerSecond);
            await ScheduleFires.CreateAsync(engine, "fires", count, _ => ScheduleTimes.At(due));
            if (DateTimeOffset.UtcNow > due) throw new InvalidOperationException("Creating the schedules took so long that they were due before; use a smaller --count.");
            var fires = await ScheduleFires.TakeAsync(static _ => true, count);
            figures["allStartedMs"] = (fires.Max(static fire => fire.At) - due).TotalMilliseconds;
            figures["firesPerSecond"] = count / (figures["allStartedMs"] / 1000);
            figures.SetLatency("lateness", ScheduleFires.Lateness(fires));
        }
        scratch.Remove(place);
        return figures;
    }
}
