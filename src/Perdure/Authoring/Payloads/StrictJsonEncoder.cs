using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Perdure.Authoring;

/// <summary>
/// Refuses text that is not valid Unicode, where the usual encoders replace it silently. Every string that the writer writes passes here,
/// be it a value, a member's name or part of a JSON node. The rest is left to the encoder within.
/// </summary>
internal sealed unsafe class StrictJsonEncoder(JavaScriptEncoder inner) : JavaScriptEncoder
{
    /// <summary>Escapes only what JSON must have escaped: payloads are stored, not pasted into pages.</summary>
    public static StrictJsonEncoder Compact { get; } = new(UnsafeRelaxedJsonEscaping);

    public override int MaxOutputCharactersPerInputCharacter => inner.MaxOutputCharactersPerInputCharacter;

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        if (!LoneSurrogates.IsWellFormed(new ReadOnlySpan<char>(text, textLength))) throw new InvalidUnicodeException();
        return inner.FindFirstCharacterToEncode(text, textLength);
    }

    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text)
    {
        if (!Utf8.IsValid(utf8Text)) throw new InvalidUnicodeException();
        return inner.FindFirstCharacterToEncodeUtf8(utf8Text);
    }

    public override System.Buffers.OperationStatus Encode(
        ReadOnlySpan<char> source, Span<char> destination, out int charsConsumed, out int charsWritten, bool isFinalBlock = true) =>
        inner.Encode(source, destination, out charsConsumed, out charsWritten, isFinalBlock);

    public override System.Buffers.OperationStatus EncodeUtf8(
        ReadOnlySpan<byte> utf8Source, Span<byte> utf8Destination, out int bytesConsumed, out int bytesWritten, bool isFinalBlock = true) =>
        inner.EncodeUtf8(utf8Source, utf8Destination, out bytesConsumed, out bytesWritten, isFinalBlock);

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        inner.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);

    public override bool WillEncode(int unicodeScalar) => inner.WillEncode(unicodeScalar);
}
