namespace Perdure.Authoring;

/// <summary>A payload has passed its limit while it was written. The codec turns it into an error that a user sees.</summary>
internal sealed class PayloadOverflowException(int size) : Exception("The payload is too large.")
{
    public int Size { get; } = size;
}
