using System.Text.Json.Nodes;

namespace Perdure.Torture.Adapter.Dumps;

/// <summary>Every signal that a run has stored, and what became of it. What nobody has taken goes along when the run goes on as new, and is the same signal there.</summary>
internal sealed class SignalLines(string run, bool isClosed)
{
    private readonly List<(string Mid, string Name)> _stored = [];
    private readonly Dictionary<string, int?> _consumed = new(StringComparer.Ordinal);

    /// <summary>Takes what an event says of signals.</summary>
    /// <param name="e">The event; they come in order.</param>
    /// <param name="pos">Its place in the dump.</param>
    public void Take(HistoryEvent e, int pos)
    {
        if (e.Kind is not (EventKind.SignalReceived or EventKind.SignalConsumed)) return;
        if (_consumed.TryAdd(e.Note!, null)) _stored.Add((e.Note!, e.Name));
        if (e.Operation is not null) _consumed[e.Note!] = pos;
    }

    public IEnumerable<JsonObject> Write()
    {
        for (var seq = 0; seq < _stored.Count; seq++)
        {
            var (mid, name) = _stored[seq];
            var pos = _consumed[mid];
            yield return new()
            {
                ["r"] = "signal", ["run"] = run, ["name"] = name, ["mid"] = mid, ["seq"] = seq,
                ["state"] = pos is not null ? "consumed" : isClosed ? "unconsumed" : "pending", ["pos"] = pos,
            };
        }
    }
}
