using System.Text.Json;

namespace Perdure.Torture.Adapter.Programs;

/// <summary>Programs as the protocol writes them.</summary>
internal static class ProgramJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web);

    public static TortureProgram Read(JsonElement json) => json.Deserialize<TortureProgram>(Options)!;
}
