using System.Diagnostics;
using Perdure.Bench.Engines;
using Perdure.Bench.Measuring;
using Perdure.Formats;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Bench.Cases;

/// <summary>How fast stored histories of 1,000 events are read and replayed into live state machines.</summary>
internal static class Replay
{
    public const string Name = "replay: 1,000 events";
    private const int Events = 1000;
    private const int Runs = 100;

    public static Case Create() => new(Name, MeasureAsync) { Settings = [("events", Events), ("runs", Runs)] };

    private static async Task<Figures> MeasureAsync()
    {
        var (row, history) = await RecordAsync();
        var workflow = NullEngine.Workflows().Find(row.Workflow, row.Version);
        var kit = NullEngine.Kit();
        var now = Instant.From(DateTimeOffset.UtcNow);

        var decoding = Meter.Start();
        for (var i = 0; i < Runs; i++) EventCodec.ReadAll(history, out _);
        var decoded = decoding.Read();

        var replaying = Meter.Start();
        for (var i = 0; i < Runs; i++)
        {
            var events = EventCodec.ReadAll(history, out var checksum);
            var seed = new RunSeed(row.Id, row.Workflow, RunSettings.Read(row.Options), row.Deadline, row.Losses);
            var machine = new RunMachine(seed, row.Input, workflow, kit);
            machine.Attach(events, checksum, now);
            machine.Load([]);
            if (machine.Ending is not null || machine.DescribeWaits().Count != 1)
                throw new InvalidOperationException("The replayed run does not wait as the recorded one did.");
        }
        var replayed = replaying.Read();

        return new Figures
        {
            ["decodedPerSecond"] = Events * Runs / decoded.Elapsed.TotalSeconds,
            ["replayedPerSecond"] = Events * Runs / replayed.Elapsed.TotalSeconds,
            ["cpuMicrosPerEvent"] = replayed.Processor.TotalMicroseconds / Events / Runs,
            ["bytesPerEvent"] = (double)replayed.Allocated / Events / Runs,
        };
    }

    /// <summary>A run that has done its steps and waits; its history begins with its start and ends with the wait.</summary>
    private static async Task<(RunRecord Row, IReadOnlyList<EventBatch> History)> RecordAsync()
    {
        await using var engine = await BenchEngine.StartAsync(new Place(Backend.Memory, ""));
        var run = await engine.StartSuspendedAsync(Workloads.Waits, Events - 2);
        var row = await engine.Store.ReadRunAsync(new RunSelector(run.Id), CancellationToken.None);
        var history = await engine.Store.ReadHistoryAsync(row!.Key, 0, CancellationToken.None);
        var length = history.Sum(batch => batch.Count);
        return length == Events
            ? (row, history)
            : throw new InvalidOperationException($"The recorded history has {length} events instead of {Events}.");
    }
}
