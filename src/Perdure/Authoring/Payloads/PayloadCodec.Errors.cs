using System.Text.Json;

namespace Perdure.Authoring;

/// <content>Errors that tell what is wrong without telling any value.</content>
internal sealed partial class PayloadCodec
{
    private static string NameOf(PayloadKind kind) => kind switch
    {
        PayloadKind.Input => "input",
        PayloadKind.Signal => "signal's payload",
        PayloadKind.State => "published state",
        PayloadKind.Data => "value",
        PayloadKind.Details => "details",
        _ => "result",
    };

    private static PerdureException CannotWrite(Type type, PayloadKind kind, Exception error)
    {
        string what = $"The {NameOf(kind)} of type {TypeNames.Of(type)}";
        if (error is PayloadOverflowException overflow) return new PayloadTooLargeException(what, overflow.Size, LimitOf(kind));

        string message = $"{what} cannot be written as JSON: {Explain(error)}.";
        return kind == PayloadKind.Result ? new ResultNotSerializableException(message) : new InputValidationException(message);
    }

    private static UndecodablePayloadException CannotRead(Type type, Exception error)
    {
        string path = error is JsonException { Path: { Length: > 0 } at } ? SafeText.Shorten(at, PerdureDefaults.MaxNameLength) : "$";
        string problem = error switch
        {
            JsonException { InnerException: InvalidUnicodeException } => Explain(error.InnerException!),
            // The serializer's own messages may quote the text that it was given.
            JsonException json when json.LineNumber is null => "it cannot be read",
            JsonException => "the JSON there does not fit the declared type",
            _ => Explain(error),
        };
        return new UndecodablePayloadException($"A payload does not fit {TypeNames.Of(type)}: {problem} (at {path}).", path, problem);
    }

    private static string Explain(Exception error) => error switch
    {
        InvalidUnicodeException => "it contains text that is not valid Unicode (half of a surrogate pair)",
        // Types and member names only: these are texts of the serializer about types, not about values.
        NotSupportedException when IsSerializers(error) => SafeText.Shorten(error.Message, 500).TrimEnd('.'),
        InvalidOperationException when IsSerializers(error) => SafeText.Shorten(error.Message, 500).TrimEnd('.'),
        JsonException => "it contains a cycle, nests deeper than 64 levels, or a converter refused it",
        ArgumentException => "it contains a value that JSON does not have, such as NaN or an infinity",
        _ => $"writing it threw {TypeNames.Of(error.GetType())}",
    };

    // A user's exception of one of these types has the user's message, which may contain anything; and the serializer quotes it in its own.
    private static bool IsSerializers(Exception error)
    {
        for (Exception? link = error; link is not null; link = link.InnerException)
        {
            if (link.GetType() != typeof(NotSupportedException) && link.GetType() != typeof(InvalidOperationException)) return false;
            if (link.Source is not ("System.Text.Json" or "Perdure")) return false;
        }
        return true;
    }
}
