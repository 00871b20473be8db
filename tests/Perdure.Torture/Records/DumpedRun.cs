using System.Text.Json;

namespace Perdure.Torture.Records;

/// <summary>A run in the dump.</summary>
internal sealed record DumpedRun(string Id, string? Key, string Ph, string State, string? Result, string? Reason)
{
    public const string Running = "running";

    public List<DumpedEvent> Events { get; } = [];
    public List<DumpedSignal> Signals { get; } = [];
    public List<DumpedTimer> Timers { get; } = [];

    public static DumpedRun Read(JsonElement line) => new(
        line.GetProperty("id").GetString()!, line.GetProperty("key").GetString(), line.GetProperty("ph").GetString()!, line.GetProperty("state").GetString()!,
        line.GetProperty("result").GetString(), line.GetProperty("reason").GetString());
}
