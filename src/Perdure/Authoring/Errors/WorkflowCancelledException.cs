using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// The run was asked to cancel. It is thrown at the next operation outside a shield, and again at each one after that. Let it pass to end
/// the run as cancelled; clean up in <see cref="WorkflowContext.ShieldAsync(Func{Task})"/>.
/// </summary>
public sealed class WorkflowCancelledException : OperationCanceledException, ICodedError
{
    internal WorkflowCancelledException(string? reason, CancellationCause cause, CancellationToken token = default)
        : base(string.IsNullOrEmpty(reason) ? "The run was asked to cancel." : $"The run was asked to cancel: {reason}", token)
    {
        Reason = reason;
        Cause = cause;
    }

    /// <summary><see cref="ErrorCodes.WorkflowCancelled"/>.</summary>
    public string Code => ErrorCodes.WorkflowCancelled;

    /// <summary>The reason that was given, if any.</summary>
    public string? Reason { get; }

    /// <summary>Who or what asked.</summary>
    public CancellationCause Cause { get; }
}
