namespace Perdure;

/// <summary>Throw it to fail a workflow, a step or an activity with a code of your own, on which callers can act.</summary>
/// <example><code>throw new WorkflowFailureException("not-approved");</code></example>
public sealed class WorkflowFailureException : PerdureException
{
    /// <param name="code">Your stable code, 1 to 255 characters.</param>
    /// <param name="message">What happened, for people; null repeats the code.</param>
    /// <param name="details">Anything that can be written as JSON, at most 64 KiB; kept with the failure.</param>
    /// <param name="inner">The cause, if any; it is not stored.</param>
    public WorkflowFailureException(string code, string? message = null, object? details = null, Exception? inner = null)
        : base(code, message ?? code, inner)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(code);
        Details = details;
    }

    /// <summary>What was given to the constructor.</summary>
    public object? Details { get; }
}
