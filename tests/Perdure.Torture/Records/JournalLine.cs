using System.Text.Json;

namespace Perdure.Torture.Records;

/// <summary>One line of the effects journal.</summary>
/// <param name="Number">Its place in the file.</param>
/// <param name="E">What happened.</param>
/// <param name="T">Monotonic time, ns.</param>
/// <param name="Rt">Real time, ns.</param>
internal sealed record JournalLine(int Number, string E, long T, long Rt, string Boot, string Run, string S)
{
    public int Attempt { get; private init; }
    public string Key { get; private init; } = "";
    public string In { get; private init; } = "";
    public string X { get; private init; } = "";
    public string Out { get; private init; } = "";
    public string Value { get; private init; } = "";
    public string Activation { get; private init; } = "";
    public string? Got { get; private init; }

    /// <summary>Of a run that a schedule started: the schedule, and its time.</summary>
    public string Schedule { get; private init; } = "";

    public DateTime Slot { get; private init; }

    public bool IsBegin => E is "begin" or "undo-begin";

    public bool IsEnd => E is "end" or "undo-end";

    public DateTime At => DateTime.UnixEpoch.AddTicks(Rt / TimeSpan.NanosecondsPerTick);

    /// <summary>Reads a journal. Anything that is not as it must be is the harness's error, not the engine's.</summary>
    public static List<JournalLine> ReadAll(string path)
    {
        var lines = new List<JournalLine>();
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } text)
        {
            try
            {
                using var json = JsonDocument.Parse(text);
                lines.Add(Read(lines.Count, json.RootElement));
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                throw new HarnessException($"Line {lines.Count + 1} of the journal cannot be read ({e.Message}): {text}");
            }
        }
        return lines;
    }

    private static JournalLine Read(int number, JsonElement json)
    {
        var e = Text("e");
        var line = new JournalLine(number, e, json.GetProperty("t").GetInt64(), json.GetProperty("rt").GetInt64(), Text("boot"), Text("run"), e == "cron" ? "" : Text("s"));
        return e switch
        {
            "begin" or "undo-begin" => line with
            {
                Attempt = json.GetProperty("att").GetInt32(), Key = Text("key"), In = Text("in"), X = Text("x"), Activation = Text("wf"),
                Got = json.TryGetProperty("got", out var got) ? got.GetString() : null,
            },
            "effect" => line with { X = Text("x"), Key = Text("key") },
            "end" or "undo-end" => line with { X = Text("x"), Out = Text("out") },
            "cron" => line with { Schedule = Text("sched"), Slot = DateTime.UnixEpoch.AddMilliseconds(json.GetProperty("slot").GetInt64()), Key = Text("key") },
            "die" => line with { X = Text("x") },
            "value" => line with { Value = Text("v"), Activation = Text("wf") },
            _ => throw new InvalidOperationException($"unknown kind '{e}'"),
        };

        string Text(string name) => json.GetProperty(name).GetString() ?? throw new InvalidOperationException($"'{name}' is null");
    }
}
