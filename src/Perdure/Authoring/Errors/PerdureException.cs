using Perdure.Authoring;

namespace Perdure;

/// <summary>The base of the engine's exceptions. <see cref="Code"/> is stable; the message is for people and may change.</summary>
public abstract class PerdureException : Exception, ICodedError
{
    /// <param name="code">The stable code.</param>
    /// <param name="message">The state, what was expected, and what to do.</param>
    /// <param name="inner">The cause, if any.</param>
    private protected PerdureException(string code, string message, Exception? inner = null) : base(message, inner) => Code = code;

    /// <summary>The stable code: one of <see cref="ErrorCodes"/>, or the code that workflow code chose.</summary>
    public string Code { get; }
}
