using System.Text.Json.Nodes;

namespace Perdure.Torture.Adapter.Dumps;

/// <summary>Every timer of a run: when it was due, and when it fired.</summary>
internal static class TimerLines
{
    public static IEnumerable<JsonObject> Write(string run, IReadOnlyList<HistoryEvent> history, EventTranslator events)
    {
        var fired = new Dictionary<int, long>();
        foreach (var e in history)
            if (e.Kind == EventKind.SleepCompleted) fired[e.Operation!.Value] = e.Timestamp.ToUnixTimeMilliseconds();
        foreach (var e in history)
        {
            if (e.Kind != EventKind.SleepStarted) continue;
            yield return new()
            {
                ["r"] = "timer", ["run"] = run, ["s"] = events.NameOf(e.Operation), ["due"] = e.Due?.ToUnixTimeMilliseconds(),
                ["fired"] = fired.TryGetValue(e.Operation!.Value, out var at) ? at : null,
            };
        }
    }
}
