using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Perdure.Storage;

/// <summary>A run's tags as they stand in its row: a JSON object, readable by people and by SQL.</summary>
internal static class TagText
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    /// <summary>The text of <paramref name="tags"/>, or null for none.</summary>
    public static string? Write(IReadOnlyDictionary<string, string>? tags)
    {
        if (tags is not { Count: > 0 }) return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in tags) json.WriteString(name, value);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static IReadOnlyDictionary<string, string> Read(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return None;
        var tags = new Dictionary<string, string>();
        var json = new Utf8JsonReader(text);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            tags[name] = json.GetString()!;
        }
        return tags;
    }
}
