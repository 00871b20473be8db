using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// A step failed for good: its attempts are used up, or its error was not retryable. Catch it in workflow code, or let the run fail.
/// </summary>
public class StepFailedException : OperationFailedException
{
    internal StepFailedException(string step, int attempts, Failure failure) : this(ErrorCodes.StepFailed, step, attempts, failure)
    {
    }

    private protected StepFailedException(string code, string step, int attempts, Failure failure)
        : base(code, "step", step, attempts, failure)
    {
    }
}
