namespace Perdure;

/// <summary>Somebody outside ended a wait of the workflow (<see cref="IPerdureClient.CancelWaitAsync"/>). What was waited for did not come; the run itself goes on.</summary>
public sealed class WaitCancelledException : PerdureException
{
    internal WaitCancelledException(string wait, string? reason)
        : base(ErrorCodes.WaitCancelled, reason is null ? $"The wait for '{wait}' was cancelled." : $"The wait for '{wait}' was cancelled: {reason}") => (Wait, Reason) = (wait, reason);

    /// <summary>What was waited for.</summary>
    public string Wait { get; }

    /// <summary>Why, as the caller said; null if he did not.</summary>
    public string? Reason { get; }
}
