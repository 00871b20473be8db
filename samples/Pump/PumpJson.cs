using System.Text.Json.Serialization;

namespace Perdure.Samples.Pump;

/// <summary>The answers of this server.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PumpReport))]
internal sealed partial class PumpJson : JsonSerializerContext;
