using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perdure.Authoring;

/// <summary>An error as data: what is stored of it, and all that ever comes back. It names no type of the process that threw.</summary>
/// <param name="Code">Its stable code.</param>
/// <param name="Message">At most 4,096 characters, control characters escaped.</param>
/// <param name="Details">JSON that the error carried.</param>
/// <param name="Stack">The stack trace, at most 16,384 characters; null unless asked for.</param>
/// <param name="Compensated">Of the end of a run: whether a saga has undone what it did.</param>
/// <param name="Final">Whether the error is final by nature, so that attempting the whole workflow again is of no use either.</param>
internal sealed record Failure(
    string Code,
    string Message,
    JsonElement? Details = null,
    string? Stack = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Final = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Compensated = false)
{
    /// <summary>Describes an error. It never throws, whatever the error does: a retry or an end must not depend on it.</summary>
    /// <param name="error">The error.</param>
    /// <param name="codec">Writes the details, and knows whether the stack trace is kept; null leaves both out.</param>
    public static Failure From(Exception error, PayloadCodec? codec = null)
    {
        try
        {
            error = Unwrap(error);
            string code = SafeText.Shorten(ErrorCode.Of(error), PerdureDefaults.MaxNameLength);
            string message = TextOf(error);
            JsonElement? details = DetailsOf(error, codec);
            string? stack = codec is { KeepsStacks: true } ? Secrets.Redact(SafeText.ShortenLines(error.StackTrace, PerdureDefaults.MaxStackText)) : null;
            // The code of a failed step is that of its cause: it is what a caller can act on.
            if (error is OperationFailedException failed) code = failed.ErrorCode;
            return new Failure(code, message, details, stack, NonRetryableErrors.IsFinal(error));
        }
        catch (Exception)
        {
            return Minimal(error);
        }
    }

    /// <summary>The error behind wrappers that say nothing themselves.</summary>
    public static Exception Unwrap(Exception error)
    {
        // A wrapper in a wrapper is common, a tower of them is hostile.
        for (int i = 0; i < 8; i++)
        {
            if (error is AggregateException { InnerExceptions: [var only] }) error = only;
            else if (error is TargetInvocationException { InnerException: { } inner }) error = inner;
            else break;
        }
        return error;
    }

    /// <summary>As JSON, for the store.</summary>
    public ReadOnlyMemory<byte> Encode() => JsonSerializer.SerializeToUtf8Bytes(this, EngineJson.Stored.Failure);

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="UndecodablePayloadException">It is no stored failure.</exception>
    public static Failure Decode(ReadOnlySpan<byte> json)
    {
        try
        {
            Failure? failure = JsonSerializer.Deserialize(json, EngineJson.Stored.Failure);
            if (failure is { Code: not null, Message: not null }) return failure;
        }
        catch (JsonException)
        {
            // Told below, without the text: it may be anything.
        }
        throw new UndecodablePayloadException("A stored failure cannot be read.", "$", "it has no code and message");
    }

    private static JsonElement? DetailsOf(Exception error, PayloadCodec? codec)
    {
        switch (error)
        {
            case OperationFailedException failed:
                return failed.Details;
            case WorkflowFailureException { Details: { } details } when codec is not null:
                try
                {
                    ReadOnlyMemory<byte> json = codec.Serialize(details, details.GetType(), PayloadKind.Details);
                    using JsonDocument document = JsonDocument.Parse(json);
                    return document.RootElement.Clone();
                }
                catch (Exception)
                {
                    // The failure itself matters more than what it carried.
                    return null;
                }
            default:
                return null;
        }
    }

    /// <summary>What is stored of an error's message. A secret at the cut is looked at with what follows it.</summary>
    private static string TextOf(Exception error) => SafeText.Shorten(Secrets.Redact(SafeText.Shorten(error.Message, 2 * PerdureDefaults.MaxErrorText)), PerdureDefaults.MaxErrorText);

    private static Failure Minimal(Exception error)
    {
        string code;
        try
        {
            code = ErrorCode.OfType(error.GetType());
        }
        catch (Exception)
        {
            code = ErrorCodes.Undescribable;
        }
        return new Failure(code, "The error could not be described.");
    }
}
