using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Perdure.Authoring;

/// <summary>
/// A hash of what an input says, not of how it is written: members sorted by name, nulls dropped, no white space. Equal inputs of a start
/// key or a replayed activity have equal hashes. 16 bytes of SHA-256.
/// </summary>
internal readonly record struct InputHash
{
    public const int Size = 16;

    private readonly UInt128 _value;

    private InputHash(UInt128 value) => _value = value;

    /// <summary>The hash of JSON text; nothing at all counts as <c>null</c>.</summary>
    /// <exception cref="UndecodablePayloadException">It is no JSON.</exception>
    public static InputHash Of(ReadOnlyMemory<byte> json)
    {
        using PayloadWriter writer = PayloadWriter.Rent(StrictJsonEncoder.Compact, int.MaxValue);
        try
        {
            using JsonDocument document = JsonDocument.Parse(
                json.IsEmpty ? PayloadCodec.Null : json, new JsonDocumentOptions { MaxDepth = PerdureDefaults.MaxPayloadDepth });
            WriteCanonical(writer.Json, document.RootElement);
            writer.Json.Flush();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or InvalidUnicodeException)
        {
            throw new UndecodablePayloadException("An input is no valid JSON.", "$", "it is no valid JSON");
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(writer.Written, hash);
        return From(hash[..Size]);
    }

    /// <summary>Reads a stored hash.</summary>
    public static InputHash From(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _value);
        return bytes;
    }

    public override string ToString() => _value.ToString("x32", CultureInfo.InvariantCulture);

    private static void WriteCanonical(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                // A stable sort: of two members of one name the order stays, as it decides which of them is read.
                foreach (JsonProperty member in element.EnumerateObject().OrderBy(static member => member.Name, StringComparer.Ordinal))
                {
                    if (member.Value.ValueKind == JsonValueKind.Null) continue;
                    writer.WritePropertyName(member.Name);
                    WriteCanonical(writer, member.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in element.EnumerateArray()) WriteCanonical(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(element.GetString());
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
