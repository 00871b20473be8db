using System.Text.Json;
using Perdure.Authoring;

namespace Perdure;

/// <summary>An error as it was stored. It names no type of the process that threw it. Immutable.</summary>
/// <param name="Code">The stable code, for example <c>card_declined</c> or one of <see cref="ErrorCodes"/>.</param>
/// <param name="Message">The message, at most 4,096 characters.</param>
/// <param name="Details">What the error carried, as JSON; null for nothing.</param>
/// <param name="Stack">The stack trace; null unless it was stored.</param>
public sealed record RunError(string Code, string Message, JsonElement? Details = null, string? Stack = null)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Code}: {Message}";

    internal static RunError? Read(ReadOnlyMemory<byte> failure) => failure.IsEmpty ? null : Of(Failure.Decode(failure.Span));

    internal static RunError Of(Failure failure) => new(failure.Code, failure.Message, failure.Details, failure.Stack);
}
