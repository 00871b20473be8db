using System.Diagnostics;
using System.Globalization;
using Perdure.Bench.Engines;
using Perdure.Bench.Measuring;
using Perdure.Bench.Processes;
using Perdure.Storage;

namespace Perdure.Bench.Cases;

/// <summary>
/// One of two workers is killed in the middle of its runs while the other has nothing to do: how soon that one makes the first progress with them, when all are done, and whether a
/// step ran again that the dead worker had recorded.
/// </summary>
internal static class Takeover
{
    /// <summary>Half of twenty such steps take longer than a renewal of a lease: the two workers have come to know each other.</summary>
    private const int StepMs = 600;

    public static string NameOf(Backend backend) => $"{backend.Text()}: takeover";

    public static Case Create(Scratch scratch, Backend backend, int runs, int steps) =>
        new(NameOf(backend), () => MeasureAsync(scratch, backend, runs, steps))
        {
            Settings = [("store", backend.Text()), ("runs", runs), ("steps", steps)],
            IsOutside = true,
        };

    private static async Task<Figures> MeasureAsync(Scratch scratch, Backend backend, int runs, int steps)
    {
        var (place, log) = (scratch.NewPlace(backend), scratch.NewFile());
        string[] work = [.. place.Arguments, "--runs", $"{runs}", "--steps", $"{steps}"];
        var figures = new Figures();
        using (var heir = ChildProcess.Start([ChildPrograms.Inherit, .. work, "--log", log]))
        {
            await heir.ExpectAsync(ChildPrograms.ReadyWord);
            using var victim = ChildProcess.Start([ChildPrograms.InFlight, .. work, "--step-ms", $"{StepMs}", "--workers", "2"]);
            await victim.ExpectAsync(ChildPrograms.InFlightWord);
            var killed = Stopwatch.GetTimestamp();
            victim.Kill();
            while (Database.CountLive(place) > 0) await Task.Delay(2);
            var done = Stopwatch.GetElapsedTime(killed);
            heir.CloseInput();
            await heir.WaitForExitAsync();
            var lines = await File.ReadAllLinesAsync(log);
            // A run that the heir has done before belongs to nobody else's death.
            var first = lines[1].Split(' ').Select(static ticks => long.Parse(ticks, CultureInfo.InvariantCulture)).Where(ticks => ticks > killed).Min();
            figures["firstProgressMs"] = (first - killed) * 1000.0 / Stopwatch.Frequency;
            figures["allDoneMs"] = done.TotalMilliseconds;
            figures["stepsRunAgain"] = await CountAgainAsync(place, victim.Id, runs, steps, lines[0]);
        }
        scratch.Remove(place);
        Scratch.Remove(log);
        if (figures["stepsRunAgain"] > 0) throw new InvalidOperationException($"{figures["stepsRunAgain"]} steps ran again although the dead worker had recorded them.");
        return figures;
    }

    /// <summary>Steps whose recorded result is the dead worker's and that the other has executed all the same.</summary>
    private static async Task<int> CountAgainAsync(Place place, int victim, int runs, int steps, string log)
    {
        var executed = Array.ConvertAll(log.Split(' '), static count => int.Parse(count, CultureInfo.InvariantCulture));
        await using var store = place.Open();
        await store.InitializeAsync(migrate: false, CancellationToken.None);
        var (found, again) = (0, 0);
        await foreach (var run in Audit.ListAsync(store))
        {
            var row = await store.ReadRunAsync(new RunSelector(run.Id), CancellationToken.None);
            var history = EventCodec.ReadAll(await store.ReadHistoryAsync(row!.Key, 0, CancellationToken.None), out _);
            var index = System.Text.Json.JsonDocument.Parse(row.Input).RootElement.GetProperty("index").GetInt32();
            var recorded = history.Where(static e => e.Kind == EventKind.StepCompleted).Select(static e => System.Text.Json.JsonSerializer.Deserialize<int>(e.Data.Span)).ToList();
            if (run.Status != RunStatus.Completed || recorded.Count != steps) throw new InvalidOperationException($"Run {run.Id} is {run.Status} with {recorded.Count} of {steps} steps.");
            for (var step = 0; step < steps; step++)
                if (recorded[step] == victim && executed[index * steps + step] > 0) again++;
            found++;
        }
        return found == runs ? again : throw new InvalidOperationException($"{found} of {runs} acknowledged runs are in the store.");
    }
}
