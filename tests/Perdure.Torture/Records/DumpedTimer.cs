using System.Text.Json;

namespace Perdure.Torture.Records;

/// <summary>A timer in the dump.</summary>
internal sealed record DumpedTimer(string S, long Due, long? Fired)
{
    public static DumpedTimer Read(JsonElement line) => new(
        line.GetProperty("s").GetString()!, line.GetProperty("due").GetInt64(),
        line.GetProperty("fired") is { ValueKind: JsonValueKind.Number } fired ? fired.GetInt64() : null);
}
