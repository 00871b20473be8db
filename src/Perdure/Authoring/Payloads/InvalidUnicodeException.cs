namespace Perdure.Authoring;

/// <summary>A text holds half of a surrogate pair, or bytes that are no UTF-8. The codec turns it into an error that a user sees.</summary>
internal sealed class InvalidUnicodeException() : Exception("The text is not valid Unicode.");
