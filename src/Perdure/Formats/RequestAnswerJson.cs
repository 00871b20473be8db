using System.Text.Json;

namespace Perdure.Formats;

/// <summary>An answer to a request as it travels in a message and stands in an event: which request it is meant for, who gave it, and the answer itself.</summary>
/// <param name="Kind">What kind of operation made the request.</param>
/// <param name="Operation">The operation that made it.</param>
/// <param name="Request">Number of the request.</param>
/// <param name="Name">Its name.</param>
/// <param name="By">Who answered, or null.</param>
/// <param name="Value">The answer, JSON.</param>
internal sealed record RequestAnswerJson(OperationKind Kind, int Operation, int Request, string Name, string? By, ReadOnlyMemory<byte> Value)
{
    /// <summary>For the message: everything.</summary>
    public ReadOnlyMemory<byte> WriteMessage() => Write(whole: true);

    /// <summary>For the event, whose columns say kind and name.</summary>
    public ReadOnlyMemory<byte> WriteEvent() => Write(whole: false);

    public static RequestAnswerJson ReadMessage(ReadOnlyMemory<byte> json)
    {
        var root = Parse(json);
        return new RequestAnswerJson(
            root.GetProperty("kind").GetString() == "hook" ? OperationKind.Hook : OperationKind.Input, root.GetProperty("operation").GetInt32(),
            root.GetProperty("request").GetInt32(), root.GetProperty("name").GetString()!, ByOf(root), ValueOf(root));
    }

    /// <summary>The number of the request that an event answers.</summary>
    public static int RequestOf(ReadOnlyMemory<byte> json) => Parse(json).GetProperty("request").GetInt32();

    /// <summary>The operation whose request an event answers, also when the event names none because its code was not told.</summary>
    public static int OperationOf(ReadOnlyMemory<byte> json) => Parse(json).GetProperty("operation").GetInt32();

    /// <summary>Who gave the answer that an event holds, or null.</summary>
    public static string? GiverOf(ReadOnlyMemory<byte> json) => ByOf(Parse(json));

    /// <summary>The answer that an event holds.</summary>
    public static ReadOnlyMemory<byte> ValueOf(ReadOnlyMemory<byte> json) => ValueOf(Parse(json));

    private static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = 2 * PerdureDefaults.MaxPayloadDepth });
        return JsonElement.ParseValue(ref reader);
    }

    private static string? ByOf(JsonElement root) => root.TryGetProperty("by", out var by) ? by.GetString() : null;

    private static ReadOnlyMemory<byte> ValueOf(JsonElement root) => System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(root.GetProperty("value")).ToArray();

    private ReadOnlyMemory<byte> Write(bool whole)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (whole)
            {
                json.WriteString("kind", Kind == OperationKind.Hook ? "hook" : "input");
                json.WriteString("name", Name);
            }
            json.WriteNumber("operation", Operation);
            json.WriteNumber("request", Request);
            if (By is not null) json.WriteString("by", By);
            json.WritePropertyName("value");
            json.WriteRawValue(Value.Span);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }
}
