using System.Text.Json.Nodes;

namespace Perdure.Torture.Adapter.Dumps;

/// <summary>Every signal that a run has stored, and what became of it.</summary>
internal static class SignalLines
{
    public static IEnumerable<JsonObject> Write(RunInfo run, IReadOnlyList<HistoryEvent> history)
    {
        var consumed = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var e in history)
            if (e.Kind == EventKind.SignalConsumed || e is { Kind: EventKind.SignalReceived, Operation: not null }) consumed[e.Note!] = e.Sequence;
        var seq = 0;
        foreach (var e in history)
        {
            if (e.Kind != EventKind.SignalReceived) continue;
            var isConsumed = consumed.TryGetValue(e.Note!, out var pos);
            yield return new()
            {
                ["r"] = "signal", ["run"] = run.Id, ["name"] = e.Name, ["mid"] = e.Note, ["seq"] = seq++,
                ["state"] = isConsumed ? "consumed" : run.Status.IsTerminal() ? "unconsumed" : "pending", ["pos"] = isConsumed ? pos : null,
            };
        }
    }
}
