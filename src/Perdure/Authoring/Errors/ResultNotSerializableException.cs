using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// A result cannot be written as JSON (a stream, a delegate, a cycle, NaN), or not be read back. The body ran; it is not run again. The
/// message names types, never values.
/// </summary>
public sealed class ResultNotSerializableException : PerdureException, IFinalError
{
    internal ResultNotSerializableException(string message) : base(ErrorCodes.ResultNotSerializable, message)
    {
    }
}
