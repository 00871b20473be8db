using System.Text.Json;

namespace Perdure.Torture.Records;

/// <summary>The engine's final state.</summary>
internal sealed class Dump
{
    private readonly Dictionary<string, DumpedRun> _runs = new(StringComparer.Ordinal);

    private readonly List<DumpedSlot> _slots = [];

    private Dump(string text) => Text = text;

    /// <summary>As it was written.</summary>
    public string Text { get; }

    public IReadOnlyDictionary<string, DumpedRun> Runs => _runs;

    /// <summary>Times of schedules, and what became of them.</summary>
    public IReadOnlyList<DumpedSlot> Slots => _slots;

    public static Dump Read(string text)
    {
        var dump = new Dump(text);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < lines.Length; i++)
        {
            using var json = JsonDocument.Parse(lines[i]);
            dump.Add(json.RootElement, i == lines.Length - 1, lines.Length);
        }
        return dump;
    }

    private void Add(JsonElement line, bool isLast, int count)
    {
        var kind = line.GetProperty("r").GetString();
        if (kind == "end" != isLast || kind == "end" && line.GetProperty("lines").GetInt32() != count) throw new HarnessException("The dump has no correct end.");
        switch (kind)
        {
            case "run":
                var run = DumpedRun.Read(line);
                _runs.Add(run.Id, run);
                break;
            case "event":
                Run(line).Events.Add(DumpedEvent.Read(line));
                break;
            case "signal":
                Run(line).Signals.Add(DumpedSignal.Read(line));
                break;
            case "timer":
                Run(line).Timers.Add(DumpedTimer.Read(line));
                break;
            case "slot":
                _slots.Add(DumpedSlot.Read(line));
                break;
            case "end":
                break;
            default:
                throw new HarnessException($"The dump has a line of the unknown kind '{kind}'.");
        }
    }

    private DumpedRun Run(JsonElement line) => _runs[line.GetProperty("run").GetString()!];
}
