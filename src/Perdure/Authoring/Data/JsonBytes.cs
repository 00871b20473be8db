using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Perdure.Authoring;

/// <summary>JSON in UTF-8 that is taken apart and put together without being read as anything.</summary>
internal static class JsonBytes
{
    /// <summary>Payloads nest 64 levels; what the engine wraps around them adds a few.</summary>
    private const int Depth = 2 * PerdureDefaults.MaxPayloadDepth;

    /// <summary>How values are put together that were checked when they were written.</summary>
    public static readonly JsonWriterOptions Raw = new() { MaxDepth = Depth, SkipValidation = true };

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = Depth };

    /// <summary>The kind of value.</summary>
    public static JsonTokenType KindOf(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, Reading);
        reader.Read();
        return reader.TokenType;
    }

    /// <summary>The members of an object, each as a slice of its own; of two with one name both.</summary>
    public static List<KeyValuePair<string, ReadOnlyMemory<byte>>> Members(ReadOnlyMemory<byte> json)
    {
        var members = new List<KeyValuePair<string, ReadOnlyMemory<byte>>>();
        var reader = new Utf8JsonReader(json.Span, Reading);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            members.Add(new(name, json[start..(int)reader.BytesConsumed]));
        }
        return members;
    }

    /// <summary>An element of its own, which needs no disposing.</summary>
    public static JsonElement Element(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, Reading);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>An element as bytes.</summary>
    public static ReadOnlyMemory<byte> Of(JsonElement element) => JsonMarshal.GetRawUtf8Value(element).ToArray();

    /// <summary>An object of these members.</summary>
    public static ReadOnlyMemory<byte> Object(IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Raw)) Write(writer, members);
        return buffer.WrittenMemory;
    }

    public static void Write(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> members)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in members)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(value.Span, skipInputValidation: true);
        }
        writer.WriteEndObject();
    }

    /// <summary>Two objects in one: objects under one name are merged, anything else gives way to the newer.</summary>
    public static ReadOnlyMemory<byte> Merge(ReadOnlyMemory<byte> older, ReadOnlyMemory<byte> newer)
    {
        if (KindOf(older) != JsonTokenType.StartObject || KindOf(newer) != JsonTokenType.StartObject) return newer;
        var merged = new OrderedDictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var (name, value) in Members(older)) merged[name] = value;
        foreach (var (name, value) in Members(newer)) merged[name] = merged.TryGetValue(name, out var known) ? Merge(known, value) : value;
        return Object(merged);
    }

    /// <summary>An array with one more element at its end.</summary>
    public static ReadOnlyMemory<byte> Append(ReadOnlyMemory<byte> array, ReadOnlyMemory<byte> value)
    {
        var reader = new Utf8JsonReader(array.Span, Reading);
        reader.Read();
        reader.Read();
        var isEmpty = reader.TokenType == JsonTokenType.EndArray;
        var elements = array.Span[..array.Span.LastIndexOf((byte)']')];
        var longer = new ArrayBufferWriter<byte>(elements.Length + value.Length + 2);
        longer.Write(elements);
        if (!isEmpty) longer.Write(","u8);
        longer.Write(value.Span);
        longer.Write("]"u8);
        return longer.WrittenMemory;
    }
}
