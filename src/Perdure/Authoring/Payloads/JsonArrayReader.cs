using System.Text.Json;

namespace Perdure.Authoring;

/// <summary>Cuts a JSON array into its elements without reading them.</summary>
internal static class JsonArrayReader
{
    /// <exception cref="UndecodablePayloadException">It is no JSON array.</exception>
    public static List<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> json)
    {
        var elements = new List<ReadOnlyMemory<byte>>();
        try
        {
            var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = PerdureDefaults.MaxPayloadDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) throw new JsonException();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                elements.Add(json[start..(int)reader.BytesConsumed]);
            }
            reader.Read();
        }
        catch (JsonException)
        {
            throw new UndecodablePayloadException(
                "Several arguments are expected, as one JSON array.", "$", "it is no JSON array of arguments");
        }
        return elements;
    }
}
