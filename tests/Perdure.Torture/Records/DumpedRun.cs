using System.Text.Json;

namespace Perdure.Torture.Records;

/// <summary>A run in the dump.</summary>
internal sealed record DumpedRun(string Id, string? Key, string Ph, string State, string? Result, string? Reason)
{
    public const string Running = "running";

    /// <summary>Its parent, and the operation of the parent that started it; null for none.</summary>
    public string? Parent { get; private init; }

    public string? Ps { get; private init; }

    public string? Cause { get; private init; }

    public DateTime Created { get; private init; }

    /// <summary>Null while it runs.</summary>
    public DateTime? Ended { get; private init; }

    public List<DumpedEvent> Events { get; } = [];
    public List<DumpedSignal> Signals { get; } = [];
    public List<DumpedTimer> Timers { get; } = [];

    public static DumpedRun Read(JsonElement line) => new(
        line.GetProperty("id").GetString()!, line.GetProperty("key").GetString(), line.GetProperty("ph").GetString()!, line.GetProperty("state").GetString()!,
        line.GetProperty("result").GetString(), line.GetProperty("reason").GetString())
    {
        Parent = line.GetProperty("parent").GetString(), Ps = line.GetProperty("ps").GetString(), Cause = line.GetProperty("cause").GetString(),
        Created = At(line.GetProperty("created").GetInt64()), Ended = line.GetProperty("ended") is { ValueKind: JsonValueKind.Number } ended ? At(ended.GetInt64()) : null,
    };

    private static DateTime At(long ms) => DateTime.UnixEpoch.AddMilliseconds(ms);
}
