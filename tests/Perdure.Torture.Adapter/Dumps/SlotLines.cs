using System.Text.Json;
using System.Text.Json.Nodes;
using Perdure.Torture.Adapter.Interpretation;

namespace Perdure.Torture.Adapter.Dumps;

/// <summary>Every time of every schedule, and what became of it, from the histories of the runs that keep them.</summary>
internal sealed class SlotLines(IPerdureClient client)
{
    /// <summary>The engine's workflow that keeps schedules, and the state in which it shows its decisions.</summary>
    public const string Keeper = "_schedule";

    private const string State = "schedule";

    /// <summary>Why a time was not started: there was no schedule any more when it would have been decided on.</summary>
    private const string Deleted = "deleted";

    public async IAsyncEnumerable<JsonObject> WriteAsync()
    {
        foreach (var id in await AllRuns.IdsAsync(client, Keeper))
        {
            var keeper = await client.GetAsync(id);
            foreach (var line in Read(keeper, await client.GetHistoryAsync(id), keeper.Tags[TortureWorkflow.ScheduleTag])) yield return line;
        }
    }

    /// <summary>A schedule shows its latest decisions after each turn, so all that it ever made stand in its history.</summary>
    private static IEnumerable<JsonObject> Read(RunInfo keeper, IReadOnlyList<HistoryEvent> history, string schedule)
    {
        var slots = new SortedDictionary<long, JsonObject>();
        ScheduleTimes? times = null;
        var cursor = keeper.CreatedAt;
        foreach (var e in history)
        {
            // What it is told first; it may be deleted before it has looked at that.
            if (e is { Kind: EventKind.SignalReceived, Data: { } command } && command.TryGetProperty("definition", out var definition)) times = TimesOf(definition);
            if (e is not { Kind: EventKind.StatePublished, Name: State, Data: { } state } || !state.TryGetProperty("definition", out definition)) continue;
            times = TimesOf(definition);
            cursor = state.GetProperty("cursor").GetDateTimeOffset();
            foreach (var fire in state.GetProperty("recent").EnumerateArray())
                foreach (var (slot, line) in Read(fire, schedule, times)) slots[slot] = line;
        }
        if (times is not null && keeper is { Status: RunStatus.Cancelled, ClosedAt: { } end })
            foreach (var slot in Undecided(times, cursor, history, end)) slots.TryAdd(slot, Line(schedule, slot, "skipped", run: null, Deleted));
        return slots.Values;
    }

    /// <summary>One decision, which may be about several times in a row.</summary>
    private static IEnumerable<(long Slot, JsonObject Line)> Read(JsonElement fire, string schedule, ScheduleTimes times)
    {
        var first = fire.GetProperty("slot").GetDateTimeOffset();
        var outcome = Enum.Parse<ScheduleOutcome>(fire.GetProperty("outcome").GetString()!);
        // That its start waited says nothing of what became of the time.
        if (outcome == ScheduleOutcome.Buffered) yield break;
        var run = fire.TryGetProperty("runId", out var started) ? started.GetString() : null;
        var reason = fire.TryGetProperty("reason", out var why) ? why.GetString() : null;
        foreach (var slot in times.Next(fire.GetProperty("count").GetInt32(), first.AddTicks(-1)))
        {
            var at = slot.ToUnixTimeMilliseconds();
            yield return (at, Line(schedule, at, outcome == ScheduleOutcome.Started ? "started" : "skipped", run, reason));
        }
    }

    /// <summary>Times that had come and were not decided on when the schedule ended, or that waited for their turn.</summary>
    private static IEnumerable<long> Undecided(ScheduleTimes times, DateTimeOffset cursor, IReadOnlyList<HistoryEvent> history, DateTimeOffset until)
    {
        foreach (var e in history)
        {
            if (e is not { Kind: EventKind.StatePublished, Name: State, Data: { } state }) continue;
            foreach (var slot in state.GetProperty("pending").EnumerateArray()) yield return slot.GetDateTimeOffset().ToUnixTimeMilliseconds();
        }
        while (times.Next(1, cursor) is [var next] && next <= until)
        {
            cursor = next;
            yield return next.ToUnixTimeMilliseconds();
        }
    }

    private static ScheduleTimes TimesOf(JsonElement definition) => ScheduleTimes.Cron(definition.GetProperty("times").GetProperty("expression").GetString()!);

    private static JsonObject Line(string schedule, long slot, string state, string? run, string? reason) =>
        new() { ["r"] = "slot", ["sched"] = schedule, ["slot"] = slot, ["run"] = run, ["state"] = state, ["reason"] = reason };
}
