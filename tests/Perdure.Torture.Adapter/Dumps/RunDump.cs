using System.Text.Json.Nodes;
using Perdure.Torture.Adapter.Clients;
using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Adapter.Dumps;

/// <summary>One run as lines of a dump.</summary>
internal static class RunDump
{
    public static IEnumerable<JsonObject> Write(RunSnapshot snapshot)
    {
        var (run, history) = snapshot;
        var program = ProgramJson.Read(run.Input);
        var state = RunStates.Of(run);
        yield return new()
        {
            ["r"] = "run", ["id"] = run.Id, ["key"] = run.Key, ["ns"] = "", ["k"] = program.K, ["ph"] = program.Ph, ["state"] = state,
            ["created"] = run.CreatedAt.ToUnixTimeMilliseconds(), ["ended"] = run.ClosedAt?.ToUnixTimeMilliseconds(), ["parent"] = null, ["ps"] = null,
            ["cause"] = "client", ["result"] = RunStates.ResultOf(run), ["reason"] = ReasonOf(run),
        };
        var events = new EventTranslator(program, history, state);
        foreach (var e in history) yield return Event(run.Id, e, events.Translate(e));
        foreach (var signal in SignalLines.Write(run, history)) yield return signal;
        foreach (var timer in TimerLines.Write(run.Id, history, events)) yield return timer;
    }

    private static JsonObject Event(string run, HistoryEvent e, TranslatedEvent shown)
    {
        var line = new JsonObject
        {
            ["r"] = "event", ["run"] = run, ["pos"] = e.Sequence, ["type"] = shown.Type, ["s"] = shown.S, ["ep"] = null, ["x"] = shown.X,
            ["ts"] = e.Timestamp.ToUnixTimeMilliseconds(),
        };
        if (e.Attempt > 0) line["att"] = e.Attempt;
        return line;
    }

    private static string? ReasonOf(RunInfo run) => run.Status == RunStatus.Blocked
        ? $"{run.BlockedReason}: {run.BlockedDetail}"
        : run.Error is { } error ? $"{error.Code}: {error.Message}" : null;
}
