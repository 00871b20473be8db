using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perdure.Files.Rows;

/// <summary>An instant as people read it; one that no calendar has as its number of microseconds.</summary>
internal sealed class InstantConverter : JsonConverter<Instant>
{
    private const string Never = "never";
    private const string Format = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    private static readonly long First = Instant.From(DateTimeOffset.MinValue).Micros;
    private static readonly long Last = Instant.From(DateTimeOffset.MaxValue).Micros;

    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) => Write(writer, value);

    public static Instant Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number) return new Instant(reader.GetInt64());
        var text = reader.GetString()!;
        return text == Never ? Instant.Never
            : Instant.From(DateTimeOffset.ParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
    }

    public static void Write(Utf8JsonWriter writer, Instant value)
    {
        if (value.IsNever) writer.WriteStringValue(Never);
        else if (value.Micros < First || value.Micros > Last) writer.WriteNumberValue(value.Micros);
        else
        {
            Span<char> text = stackalloc char[32];
            value.ToDateTimeOffset().TryFormat(text, out var length, Format, CultureInfo.InvariantCulture);
            writer.WriteStringValue(text[..length]);
        }
    }
}
