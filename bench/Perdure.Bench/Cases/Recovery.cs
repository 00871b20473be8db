using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Perdure.Bench.Engines;
using Perdure.Bench.Measuring;
using Perdure.Bench.Processes;
using Perdure.Storage;

namespace Perdure.Bench.Cases;

/// <summary>
/// A process is killed in the middle of its runs, and another finishes them: how long that takes from its start, and whether any step ran
/// again that was recorded when the first one died.
/// </summary>
internal static class Recovery
{
    public const string Name = "sqlite: recovery";

    public static Case Create(Scratch scratch, int runs, int steps) =>
        new(Name, () => MeasureAsync(scratch, runs, steps))
        {
            Settings = [("store", "sqlite"), ("runs", runs), ("steps", steps)],
            IsOutside = true,
        };

    private static async Task<Figures> MeasureAsync(Scratch scratch, int runs, int steps)
    {
        var (path, copy, log) = (scratch.NewFile(), scratch.NewFile(), scratch.NewFile());
        string[] work = [.. new Place(Backend.Sqlite, path).Arguments, "--runs", $"{runs}", "--steps", $"{steps}"];
        using (var victim = ChildProcess.Start([ChildPrograms.InFlight, .. work]))
        {
            await victim.ExpectAsync(ChildPrograms.InFlightWord);
            victim.Kill();
        }
        // A look at the file itself would already clean it up for the process that is measured.
        File.Copy(path, copy);
        File.Copy(path + "-wal", copy + "-wal");
        var recorded = await ReadAsync(copy, runs, mustBeComplete: null);

        var start = Stopwatch.GetTimestamp();
        double engine;
        TimeSpan elapsed;
        using (var heir = ChildProcess.Start([ChildPrograms.Recover, .. work, "--log", log]))
        {
            engine = double.Parse(await heir.ExpectAsync(ChildPrograms.RecoveredWord), CultureInfo.InvariantCulture);
            elapsed = Stopwatch.GetElapsedTime(start);
            await heir.WaitForExitAsync();
        }
        var counts = (await File.ReadAllTextAsync(log)).Split(' ');
        var executed = Array.ConvertAll(counts, count => int.Parse(count, CultureInfo.InvariantCulture));
        var again = 0;
        for (var run = 0; run < runs; run++)
            for (var step = 0; step < recorded[run]; step++)
                if (executed[run * steps + step] > 0) again++;
        await ReadAsync(path, runs, mustBeComplete: steps);
        foreach (var file in new[] { path, copy, log }) Scratch.Remove(file);
        if (again > 0)
            throw new InvalidOperationException($"{again} steps ran again although they were recorded when the process was killed.");
        return new Figures
        {
            ["allDoneMs"] = elapsed.TotalMilliseconds,
            ["allDoneInEngineMs"] = engine,
            ["unfinishedAtKill"] = recorded.Count(count => count < steps),
            ["stepsRecordedAtKill"] = recorded.Sum(),
            ["stepsRunAgain"] = again,
        };
    }

    /// <summary>How many steps of each run are recorded; throws when runs are missing, or not completed although they must be.</summary>
    private static async Task<int[]> ReadAsync(string path, int runs, int? mustBeComplete)
    {
        await using var store = new Place(Backend.Sqlite, path).Open();
        await store.InitializeAsync(migrate: false, CancellationToken.None);
        var recorded = new int[runs];
        var found = 0;
        await foreach (var run in Audit.ListAsync(store))
        {
            found++;
            var row = await store.ReadRunAsync(new RunSelector(run.Id), CancellationToken.None);
            var history = EventCodec.ReadAll(await store.ReadHistoryAsync(row!.Key, 0, CancellationToken.None), out _);
            var steps = history.Count(e => e.Kind == EventKind.StepCompleted);
            if (mustBeComplete is { } all && (run.Status != RunStatus.Completed || steps != all))
                throw new InvalidOperationException($"Run {run.Id} is {run.Status} with {steps} of {all} steps.");
            recorded[JsonDocument.Parse(row.Input).RootElement.GetProperty("index").GetInt32()] = steps;
        }
        return found == runs ? recorded : throw new InvalidOperationException($"{found} of {runs} acknowledged runs are in the store.");
    }
}
