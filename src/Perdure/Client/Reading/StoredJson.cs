using System.Text.Json;

namespace Perdure.Client;

/// <summary>Stored JSON as elements of their own, which need no disposing.</summary>
internal static class StoredJson
{
    /// <summary>Payloads nest 64 levels; what the engine wraps around them adds a few.</summary>
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 2 * PerdureDefaults.MaxPayloadDepth };

    public static JsonElement Read(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.IsEmpty ? "null"u8 : json.Span, Options);
        return JsonElement.ParseValue(ref reader);
    }

    public static JsonElement? ReadOptional(ReadOnlyMemory<byte> json) => json.IsEmpty ? null : Read(json);

    public static IReadOnlyDictionary<string, JsonElement> ReadMembers(ReadOnlyMemory<byte> json)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (json.IsEmpty) return members;
        foreach (var member in Read(json).EnumerateObject()) members[member.Name] = member.Value;
        return members;
    }
}
