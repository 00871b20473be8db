namespace Perdure;

/// <summary>A run does not wait for what a call was about. Nothing was stored.</summary>
public sealed class NotWaitingException : PerdureException
{
    internal NotWaitingException(string runId, string wait) : base(ErrorCodes.NotWaiting, $"The run '{runId}' does not wait for '{wait}'.") => (RunId, Wait) = (runId, wait);

    /// <summary>The run.</summary>
    public string RunId { get; }

    /// <summary>What it was thought to wait for.</summary>
    public string Wait { get; }
}
