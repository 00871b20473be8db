using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perdure.Authoring;

/// <summary>Writes a policy in the engine's own form, whatever the user's JSON options are. It is found by itself; public for generated serializers. Thread safe.</summary>
public sealed class RetryPolicyJsonConverter : JsonConverter<RetryPolicy>
{
    /// <inheritdoc/>
    public override RetryPolicy Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return (JsonSerializer.Deserialize(ref reader, EngineJson.Default.RetryPolicyJson) ?? new RetryPolicyJson()).ToPolicy();
        }
        catch (InvalidOptionException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RetryPolicy value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, RetryPolicyJson.From(value), EngineJson.Default.RetryPolicyJson);
}
