namespace Perdure;

/// <summary>The run has ended: it takes no signal, answer or cancellation any more, and nothing was stored.</summary>
public sealed class RunClosedException : PerdureException
{
    internal RunClosedException(string runId, RunStatus status)
        : base(ErrorCodes.RunClosed, $"The run '{runId}' has ended ({status}) and takes nothing any more.")
    {
        RunId = runId;
        Status = status;
    }

    /// <summary>The run.</summary>
    public string RunId { get; }

    /// <summary>How it ended.</summary>
    public RunStatus Status { get; }
}
