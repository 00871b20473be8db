using System.Text.Json.Nodes;
using Perdure.Torture.Adapter.Clients;
using Perdure.Torture.Adapter.Interpretation;
using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Adapter.Dumps;

/// <summary>One run as lines of a dump.</summary>
internal static class RunDump
{
    /// <param name="snapshot">The run.</param>
    /// <param name="parent">Its parent, as the world outside knows it; null for none.</param>
    public static IEnumerable<JsonObject> Write(RunSnapshot snapshot, string? parent)
    {
        var (first, last) = (snapshot.First, snapshot.Last);
        var program = ProgramJson.Read(first.Input);
        var state = RunStates.Of(last);
        yield return new()
        {
            ["r"] = "run", ["id"] = first.Id, ["key"] = last.Key ?? first.Key, ["ns"] = "", ["k"] = program.K, ["ph"] = program.Ph, ["state"] = state,
            ["created"] = first.CreatedAt.ToUnixTimeMilliseconds(), ["ended"] = last.ClosedAt?.ToUnixTimeMilliseconds(),
            ["parent"] = parent, ["ps"] = first.Tags.GetValueOrDefault(TortureWorkflow.ChildTag), ["cause"] = CauseOf(first),
            ["result"] = RunStates.ResultOf(last), ["reason"] = ReasonOf(last),
        };
        var signals = new SignalLines(first.Id, last.Status.IsTerminal());
        var timers = new List<JsonObject>();
        var pos = 0;
        foreach (var (run, history) in snapshot.Generations)
        {
            var events = new EventTranslator(program, history, state, NextOf(snapshot, run));
            foreach (var e in history)
            {
                signals.Take(e, pos);
                yield return Event(first.Id, pos++, e, events.Translate(e));
            }
            timers.AddRange(TimerLines.Write(first.Id, history, events));
        }
        foreach (var signal in signals.Write()) yield return signal;
        foreach (var timer in timers) yield return timer;
    }

    /// <summary>Whether a child of a program's is told apart from what a schedule starts, which is a child of the engine's own.</summary>
    public static bool IsChild(RunInfo run) => run.Tags.ContainsKey(TortureWorkflow.ChildTag);

    private static string CauseOf(RunInfo run) => IsChild(run) ? "child" : run.Tags.ContainsKey(TortureWorkflow.ScheduleTag) ? "cron" : "client";

    /// <summary>What the run that goes on in a run's place begins with; null if none does.</summary>
    private static Generation? NextOf(RunSnapshot snapshot, RunInfo run)
    {
        foreach (var (next, _) in snapshot.Generations)
            if (next.Id == run.ContinuedAs) return ProgramJson.Read(next.Input).Next;
        return null;
    }

    private static JsonObject Event(string run, int pos, HistoryEvent e, TranslatedEvent shown)
    {
        var line = new JsonObject
        {
            ["r"] = "event", ["run"] = run, ["pos"] = pos, ["type"] = shown.Type, ["s"] = shown.S, ["ep"] = null, ["x"] = shown.X,
            ["ts"] = e.Timestamp.ToUnixTimeMilliseconds(),
        };
        if (e.Attempt > 0) line["att"] = e.Attempt;
        return line;
    }

    private static string? ReasonOf(RunInfo run) => run.Status == RunStatus.Blocked
        ? $"{run.BlockedReason}: {run.BlockedDetail}"
        : run.Error is { } error ? $"{error.Code}: {error.Message}" : null;
}
