using Perdure.Bench.Engines;
using Perdure.Bench.Measuring;

namespace Perdure.Bench.Cases;

/// <summary>
/// Runs that come and go while retention deletes those that have ended: how large the tables are when a tenth of the work is done, and when all of it is. What a database needs
/// must follow what it holds, and not what has ever passed through it.
/// </summary>
internal static class Churn
{
    private const int InFlight = 100;
    private const int Looks = 10;
    private const int LeastStepsPerSecond = 5_000;

    /// <summary>How long an ended run is kept, and how often old ones are looked for.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static string NameOf(Backend backend, int steps) => $"{backend.Text()}: churn, {steps} steps";

    public static Case Create(Scratch scratch, Backend backend, int steps, int total) => new(NameOf(backend, steps), () => MeasureAsync(scratch, backend, steps, total))
    {
        Settings = [("store", backend.Text()), ("steps", steps), ("total", total)],
        IsOutside = true,
        Patience = TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds((double)total * steps / LeastStepsPerSecond),
    };

    private static async Task<Figures> MeasureAsync(Scratch scratch, Backend backend, int steps, int total)
    {
        var place = scratch.NewPlace(backend);
        var figures = new Figures();
        await using (var engine = await BenchEngine.StartAsync(place, new RetentionPolicy { Completed = Kept, Interval = Interval }))
        {
            var input = new StepsInput(steps, Throughput.StandardPayload);
            var (expected, part) = (Workloads.ResultOf(input), total / Looks);
            for (var look = 1; look <= Looks; look++)
            {
                var meter = Meter.Start();
                await Load.RunAsync(part, InFlight, async _ =>
                {
                    if (await engine.RunAsync(Workloads.Steps, input) != expected) throw new InvalidOperationException("A run returned something else than its steps did.");
                });
                var passed = look * 100 / Looks;
                figures[$"stepsPerSecondTo{passed}Percent"] = (double)part * steps / meter.Read().Elapsed.TotalSeconds;
                figures[$"megabytesAt{passed}Percent"] = Database.CountBytes(place) / 1e6;
                figures[$"runsAt{passed}Percent"] = Database.CountRuns(place);
            }
            // What has ended is gone at last.
            while (Database.CountRuns(place) > 0) await Task.Delay(20);
        }
        if (backend == Backend.Postgres)
        {
            foreach (var (table, bytes) in PostgresHost.Sizes(place.Address)) figures[table + "Megabytes"] = bytes / 1e6;
        }
        figures["megabytesAtLast"] = Database.CountBytes(place) / 1e6;
        scratch.Remove(place);
        return figures;
    }
}
