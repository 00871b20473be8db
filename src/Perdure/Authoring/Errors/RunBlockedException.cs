namespace Perdure;

/// <summary>The awaited run is blocked: it cannot go on, but it has not ended, and can be resumed.</summary>
public sealed class RunBlockedException : RunOutcomeException
{
    internal RunBlockedException(string runId, string reason, string? detail)
        : base(ErrorCodes.RunBlocked, runId,
            string.IsNullOrEmpty(detail) ? $"The run '{runId}' is blocked: {reason}." : $"The run '{runId}' is blocked: {reason}. {detail}")
    {
        Reason = reason;
        Detail = detail;
    }

    /// <summary>Why, for example <c>NonDeterminism</c>.</summary>
    public string Reason { get; }

    /// <summary>What exactly, for people.</summary>
    public string? Detail { get; }
}
