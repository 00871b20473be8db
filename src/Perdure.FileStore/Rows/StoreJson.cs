using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Perdure.Files.Rows;

/// <summary>How everything but events is written: indented JSON with readable instants, names of values instead of numbers, and payloads as the JSON that they are.</summary>
internal static class StoreJson
{
    private static readonly JsonSerializerOptions Options = CreateOptions();

    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    public static byte[] Write<T>(T document) => JsonSerializer.SerializeToUtf8Bytes(document, Of<T>());

    /// <summary>Reads a document of this store.</summary>
    /// <exception cref="StoreException">It is damaged.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json, string path)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Of<T>()) ?? throw new JsonException("It is empty.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new StoreException(StoreFault.Corrupt, $"The file store cannot read '{path}': {e.Message} Stop all processes, keep the folder, restore a backup or correct the file.", e);
        }
    }

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(StoreJsonTypes.Default.Options)
        {
            TypeInfoResolver = StoreJsonTypes.Default.WithAddedModifier(LeaveOutWhatIsEmpty), Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>Empty payloads and histories are left out; so nothing is required, and a document of an older version can be read.</summary>
    private static void LeaveOutWhatIsEmpty(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            property.IsRequired = false;
            if (property.PropertyType == typeof(ReadOnlyMemory<byte>)) property.ShouldSerialize = static (_, value) => value is ReadOnlyMemory<byte> { IsEmpty: false };
            else if (property.PropertyType == typeof(EventBatch)) property.ShouldSerialize = static (_, value) => value is EventBatch { Count: > 0 };
            else if (!property.PropertyType.IsValueType) property.ShouldSerialize = static (_, value) => value is not null;
        }
    }
}
