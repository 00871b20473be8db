using Perdure.Authoring;

namespace Perdure;

/// <summary>A child workflow ended without a result, or could not be started. Catch it in workflow code, or let the run fail.</summary>
public sealed class ChildWorkflowException : OperationFailedException
{
    internal ChildWorkflowException(string workflow, string childId, ChildOutcome outcome, int attempts, Failure failure)
        : base(failure, ErrorCodes.ChildFailed, $"The child workflow '{workflow}' ({childId}) {Verb(outcome)}: {failure.Message}", workflow, attempts)
    {
        ChildId = childId;
        Outcome = outcome;
    }

    /// <summary>The child's id.</summary>
    public string ChildId { get; }

    /// <summary>How the child ended.</summary>
    public ChildOutcome Outcome { get; }

    /// <summary>Whether a saga of the child has undone what it did.</summary>
    public bool Compensated => Failure.Compensated;

    private static string Verb(ChildOutcome outcome) => outcome switch
    {
        ChildOutcome.Cancelled => "was cancelled",
        ChildOutcome.TimedOut => "exceeded its run timeout",
        ChildOutcome.Terminated => "was terminated",
        ChildOutcome.CompensationFailed => "failed and could not undo all that it did",
        _ => "failed",
    };
}
