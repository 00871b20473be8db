using System.Text.Json;

namespace Perdure.Torture.Records;

/// <summary>A stored signal in the dump.</summary>
internal sealed record DumpedSignal(string Name, string Mid, int Seq, string State, int? Pos)
{
    public static DumpedSignal Read(JsonElement line) => new(
        line.GetProperty("name").GetString()!, line.GetProperty("mid").GetString()!, line.GetProperty("seq").GetInt32(), line.GetProperty("state").GetString()!,
        line.GetProperty("pos") is { ValueKind: JsonValueKind.Number } pos ? pos.GetInt32() : null);
}
