namespace Perdure;

/// <summary>The awaited run was cancelled.</summary>
public sealed class RunCancelledException : RunOutcomeException
{
    internal RunCancelledException(string runId, string? reason)
        : base(ErrorCodes.RunCancelled, runId,
            string.IsNullOrEmpty(reason) ? $"The run '{runId}' was cancelled." : $"The run '{runId}' was cancelled: {reason}") =>
        Reason = reason;

    /// <summary>The reason that was given, if any.</summary>
    public string? Reason { get; }
}
