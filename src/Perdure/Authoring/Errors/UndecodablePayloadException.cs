using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// A stored payload does not fit the type that it is read as: the type has changed, or a key is missing. A run whose input or history
/// cannot be read is blocked, never failed.
/// </summary>
public sealed class UndecodablePayloadException : PerdureException, IFinalError
{
    internal UndecodablePayloadException(string message, string path, string problem) : base(ErrorCodes.UndecodablePayload, message)
    {
        Path = path;
        Problem = problem;
    }

    /// <summary>Where in the payload: <c>$.customer.age</c>.</summary>
    public string Path { get; }

    /// <summary>What is wrong there, without the value.</summary>
    internal string Problem { get; }
}
