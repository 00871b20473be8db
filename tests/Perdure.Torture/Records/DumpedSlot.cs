using System.Text.Json;

namespace Perdure.Torture.Records;

/// <summary>A time of a schedule in the dump.</summary>
internal sealed record DumpedSlot(string Schedule, DateTime At, string? Run, string State, string? Reason)
{
    public static DumpedSlot Read(JsonElement line) => new(
        line.GetProperty("sched").GetString()!, DateTime.UnixEpoch.AddMilliseconds(line.GetProperty("slot").GetInt64()), line.GetProperty("run").GetString(),
        line.GetProperty("state").GetString()!, line.GetProperty("reason").GetString());
}
