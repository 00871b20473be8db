using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Perdure.Sqlite.Tasks;

/// <summary>Names of activities as SQL reads them: a JSON array.</summary>
internal static class ActivityNames
{
    /// <summary>The text of <paramref name="names"/>, or null for null.</summary>
    public static string? Write(IReadOnlyList<string>? names)
    {
        if (names is null) return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var name in names) json.WriteStringValue(name);
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The names in a text; none for null.</summary>
    public static IReadOnlyList<string> Read(string? text)
    {
        if (text is null) return [];
        using var json = JsonDocument.Parse(text);
        var names = new List<string>();
        foreach (var name in json.RootElement.EnumerateArray()) names.Add(name.GetString()!);
        return names;
    }
}
