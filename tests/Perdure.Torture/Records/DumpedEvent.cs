using System.Text.Json;

namespace Perdure.Torture.Records;

/// <summary>An event in the dump.</summary>
internal sealed record DumpedEvent(int Pos, string Type, string? S, string? X, long Ts, int? Attempt)
{
    public DateTime At => DateTime.UnixEpoch.AddMilliseconds(Ts);

    public static DumpedEvent Read(JsonElement line) => new(
        line.GetProperty("pos").GetInt32(), line.GetProperty("type").GetString()!, line.GetProperty("s").GetString(), line.GetProperty("x").GetString(),
        line.GetProperty("ts").GetInt64(), line.TryGetProperty("att", out var attempt) ? attempt.GetInt32() : null);
}
