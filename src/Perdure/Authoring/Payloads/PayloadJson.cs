using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Perdure.Authoring;

/// <summary>The JSON options of payloads.</summary>
internal static class PayloadJson
{
    /// <summary>Payload options over the user's: what the user set stays, what the engine promises is added.</summary>
    /// <param name="user">The user's options, if any; they are copied.</param>
    /// <param name="contexts">Generated metadata, asked before the user's own resolver and before reflection.</param>
    public static JsonSerializerOptions Build(JsonSerializerOptions? user, IReadOnlyList<IJsonTypeInfoResolver> contexts)
    {
        JsonSerializerOptions options = user is null
            ? new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase }
            : new(user);
        options.PropertyNameCaseInsensitive = true;
        options.IncludeFields = true;
        options.WriteIndented = false;
        options.MaxDepth = PerdureDefaults.MaxPayloadDepth;
        options.Encoder = EncoderOf(user?.Encoder);
        for (int i = 0; i < contexts.Count; i++) options.TypeInfoResolverChain.Insert(i, contexts[i]);
        options.TypeInfoResolverChain.Add(EngineJson.Default);
        ReflectionJson.AddTo(options);
        options.MakeReadOnly();
        return options;
    }

    private static StrictJsonEncoder EncoderOf(JavaScriptEncoder? user) =>
        user is null ? StrictJsonEncoder.Compact : user as StrictJsonEncoder ?? new StrictJsonEncoder(user);
}
