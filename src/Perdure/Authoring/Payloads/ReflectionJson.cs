using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Perdure.Authoring;

/// <summary>
/// The one place where payload types are looked at by reflection, for those that no <see cref="JsonSerializerContext"/> describes.
/// </summary>
internal static class ReflectionJson
{
    private const string Justification =
        "Reached only while JsonSerializer.IsReflectionEnabledByDefault, which publishing trimmed or AOT switches off; then types need a JsonSerializerContext.";

    /// <summary>Adds the fallback at the end of the chain, unless the program has switched reflection off.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = Justification)]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = Justification)]
    public static void AddTo(JsonSerializerOptions options)
    {
        if (!JsonSerializer.IsReflectionEnabledByDefault) return;
        options.Converters.Add(new JsonStringEnumConverter());
        options.Converters.Add(new ReadOnlySetConverterFactory());
        options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver { Modifiers = { RefuseLiveObjects } });
    }

    /// <summary>What stands for something outside its own memory would be written as a meaningless set of members.</summary>
    private static void RefuseLiveObjects(JsonTypeInfo info)
    {
        Type type = info.Type;
        if (typeof(Delegate).IsAssignableFrom(type) || typeof(Stream).IsAssignableFrom(type) || typeof(Task).IsAssignableFrom(type)
            || typeof(Exception).IsAssignableFrom(type) || typeof(IServiceProvider).IsAssignableFrom(type))
            throw new NotSupportedException($"{TypeNames.Of(type)} is no data.");
    }
}
