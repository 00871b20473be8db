using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Perdure.Torture.Adapter.Bodies;
using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Adapter.Journal;

/// <summary>What bodies did, one line each, in a file that all workers append to. A line is one write, so no lines mix. Thread safe.</summary>
internal sealed class EffectsJournal(AdapterSettings settings)
{
    private static readonly int Process = Environment.ProcessId;
    private readonly int _file = Libc.OpenForAppending(settings.Journal);

    public void Begin(StepCall call, StepInfo attempt, string x) => Write(call.IsUndo ? "undo-begin" : "begin", line =>
    {
        line.WriteString("run", call.Run);
        line.WriteString("s", call.S);
        line.WriteNumber("att", attempt.Attempt);
        line.WriteString("key", attempt.IdempotencyKey);
        line.WriteString("in", call.In);
        line.WriteString("x", x);
        line.WriteNull("ep");
        line.WriteString("wf", call.Activation);
        if (call.Got is not null) line.WriteString("got", call.Got);
    });

    public void Effect(string run, string s, string x, string key) => Write("effect", line =>
    {
        line.WriteString("run", run);
        line.WriteString("s", s);
        line.WriteString("x", x);
        line.WriteString("key", key);
    });

    public void Cron(CronStart start, string run, string key) => Write("cron", line =>
    {
        line.WriteString("sched", start.Schedule);
        line.WriteNumber("slot", start.Slot);
        line.WriteString("run", run);
        line.WriteString("key", key);
    });

    public void End(StepCall call, string x, string outcome) => Write(call.IsUndo ? "undo-end" : "end", line =>
    {
        line.WriteString("run", call.Run);
        line.WriteString("s", call.S);
        line.WriteString("x", x);
        line.WriteString("out", outcome);
    });

    public void Die(string run, string s, string x, string kind) => Write("die", line =>
    {
        line.WriteString("run", run);
        line.WriteString("s", s);
        line.WriteString("x", x);
        line.WriteString("kind", kind);
    });

    public void Value(string run, string s, string value, string activation) => Write("value", line =>
    {
        line.WriteString("run", run);
        line.WriteString("s", s);
        line.WriteString("v", value);
        line.WriteString("wf", activation);
    });

    private void Write(string what, Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var line = new Utf8JsonWriter(buffer))
        {
            line.WriteStartObject();
            line.WriteString("e", what);
            line.WriteNumber("t", Stopwatch.GetTimestamp());
            line.WriteNumber("rt", (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);
            line.WriteString("w", settings.Worker);
            line.WriteNumber("pid", Process);
            line.WriteString("boot", settings.Boot);
            fields(line);
            line.WriteEndObject();
        }
        buffer.Write("\n"u8);
        Libc.WriteAtOnce(_file, buffer.WrittenSpan);
    }
}
