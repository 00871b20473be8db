using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perdure.Files.Rows;

/// <summary>A payload as the JSON that it is, byte for byte; what is no JSON as <c>{"$bytes":"…"}</c>.</summary>
internal sealed class PayloadConverter : JsonConverter<ReadOnlyMemory<byte>>
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 200 };

    public override bool HandleNull => true;

    public override ReadOnlyMemory<byte> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var element = JsonElement.ParseValue(ref reader);
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$bytes"u8, out var bytes)
            ? bytes.GetBytesFromBase64()
            : JsonMarshal.GetRawUtf8Value(element).ToArray();
    }

    public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> value, JsonSerializerOptions options)
    {
        if (IsPlain(value.Span)) writer.WriteRawValue(value.Span, skipInputValidation: true);
        else
        {
            writer.WriteStartObject();
            writer.WriteBase64String("$bytes"u8, value.Span);
            writer.WriteEndObject();
        }
    }

    /// <summary>Whether the bytes are one JSON value and nothing else, so that they come back as they are.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || IsSpace(bytes[0]) || IsSpace(bytes[^1]) || bytes.IndexOf("$bytes"u8) >= 0) return false;
        try
        {
            var reader = new Utf8JsonReader(bytes, Strict);
            while (reader.Read())
            {
                // Text is checked too: bytes that are no UTF-8 would be refused by whoever reads the file.
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) _ = reader.GetString();
            }
            return reader.BytesConsumed == bytes.Length;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
