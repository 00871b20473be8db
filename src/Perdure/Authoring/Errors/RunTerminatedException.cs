namespace Perdure;

/// <summary>The awaited run was terminated.</summary>
public sealed class RunTerminatedException : RunOutcomeException
{
    internal RunTerminatedException(string runId, string? reason)
        : base(ErrorCodes.RunTerminated, runId,
            string.IsNullOrEmpty(reason) ? $"The run '{runId}' was terminated." : $"The run '{runId}' was terminated: {reason}") =>
        Reason = reason;

    /// <summary>The reason that was given, if any.</summary>
    public string? Reason { get; }
}
