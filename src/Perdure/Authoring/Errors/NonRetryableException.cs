using Perdure.Authoring;

namespace Perdure;

/// <summary>Throw it in a step or an activity to fail it at once, whatever its retry policy says.</summary>
public sealed class NonRetryableException : PerdureException, IFinalError
{
    /// <param name="message">What happened, for people.</param>
    /// <param name="code">
    /// Your stable code; null takes that of <paramref name="inner"/>, else <see cref="ErrorCodes.NonRetryable"/>.
    /// </param>
    /// <param name="inner">The cause, if any; it is not stored.</param>
    public NonRetryableException(string message, string? code = null, Exception? inner = null)
        : base(code ?? (inner is null ? ErrorCodes.NonRetryable : ErrorCode.Of(inner)), message, inner)
    {
    }
}
