using System.Text.Json.Nodes;
using Perdure.Torture.Processes;

namespace Perdure.Torture.Workload;

/// <summary>Makes schedules, lets each live for a while, and deletes it. Two live at a time: one whose runs may be live side by side, and one that skips times while its run lives.</summary>
internal sealed class ScheduleLoad(TortureConfig config, Clients clients)
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(12);

    /// <summary>How long those that outlive the storm go on behind it: they show how a schedule comes back.</summary>
    private static readonly TimeSpan Afterlife = TimeSpan.FromSeconds(8);

    private readonly ProgramGenerator _programs = new(config.Seed + 1, config.MaxDeliveries);
    private readonly Random _random = new(config.Seed + 2);
    private readonly List<ScheduleRecord> _records = [];

    /// <summary>All that there were. To be read when the load has ended.</summary>
    public IReadOnlyList<ScheduleRecord> Records => _records;

    /// <summary>Goes on until it is told to stop; then all are deleted.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var pair = new[]
            {
                Next("* * * * * *", TimeSpan.FromSeconds(1), skipsOverlaps: false),
                Next("*/2 * * * * *", TimeSpan.FromSeconds(2), skipsOverlaps: true),
            };
            foreach (var schedule in pair) await PutAsync(schedule);
            await WaitAsync(stop);
            if (stop.IsCancellationRequested) await Task.Delay(Afterlife, CancellationToken.None);
            foreach (var schedule in pair) await DeleteAsync(schedule);
        }
    }

    private ScheduleRecord Next(string cron, TimeSpan period, bool skipsOverlaps)
    {
        var record = new ScheduleRecord(_programs.NextOfSchedule($"S{_records.Count:000}"), cron, period, skipsOverlaps);
        _records.Add(record);
        return record;
    }

    private async Task PutAsync(ScheduleRecord schedule)
    {
        schedule.PutAt = DateTime.UtcNow;
        for (var times = _random.Next(4) == 0 ? 2 : 1; times > 0; times--)
        {
            await AskAsync(new()
            {
                ["op"] = "cron_put", ["sched"] = schedule.Name, ["cron"] = schedule.Cron, ["tz"] = "UTC", ["overlap"] = schedule.SkipsOverlaps ? "skip" : "allow", ["catchup"] = "last",
                ["prog"] = schedule.Program.ToJson(),
            });
            if (schedule.PutAnsweredAt == default) schedule.PutAnsweredAt = DateTime.UtcNow;
        }
    }

    private async Task DeleteAsync(ScheduleRecord schedule)
    {
        schedule.DeletedAt = DateTime.UtcNow;
        await AskAsync(new() { ["op"] = "cron_del", ["sched"] = schedule.Name });
        schedule.DeleteAnsweredAt = DateTime.UtcNow;
    }

    private async Task AskAsync(JsonObject request)
    {
        var answer = await clients.CallAsync(request);
        if (answer["ok"]?.GetValue<bool>() != true) throw new HarnessException($"A schedule was refused: {answer.ToJsonString()}");
    }

    private static async Task WaitAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(Life, stop);
        }
        catch (OperationCanceledException)
        {
            // The storm is over before its time.
        }
    }
}
