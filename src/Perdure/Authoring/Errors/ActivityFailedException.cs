using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// An activity failed for good: its attempts are used up, or its error was not retryable. Catch it in workflow code, or let the run fail.
/// </summary>
public class ActivityFailedException : OperationFailedException
{
    internal ActivityFailedException(string activity, int attempts, Failure failure)
        : this(ErrorCodes.ActivityFailed, activity, attempts, failure)
    {
    }

    private protected ActivityFailedException(string code, string activity, int attempts, Failure failure)
        : base(code, "activity", activity, attempts, failure)
    {
    }
}
