namespace Perdure;

/// <summary>The awaited run exceeded its run timeout.</summary>
public sealed class RunTimedOutException : RunOutcomeException
{
    internal RunTimedOutException(string runId)
        : base(ErrorCodes.RunTimedOut, runId, $"The run '{runId}' exceeded its run timeout.")
    {
    }
}
