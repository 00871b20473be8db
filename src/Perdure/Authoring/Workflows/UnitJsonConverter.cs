using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perdure.Authoring;

/// <summary><see cref="Unit"/> is <c>null</c>; an empty object is read as well, because that is how other languages call nothing.</summary>
internal sealed class UnitJsonConverter : JsonConverter<Unit>
{
    public override bool HandleNull => true;

    public override Unit Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null) return default;
        if (reader.TokenType == JsonTokenType.StartObject && reader.Read() && reader.TokenType == JsonTokenType.EndObject) return default;
        throw new JsonException("No value is expected here.");
    }

    public override void Write(Utf8JsonWriter writer, Unit value, JsonSerializerOptions options) => writer.WriteNullValue();
}
