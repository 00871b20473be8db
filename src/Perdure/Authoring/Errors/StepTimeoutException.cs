using Perdure.Authoring;

namespace Perdure;

/// <summary>The last attempt of a step ran out of time; see <see cref="StepOptions.Timeout"/>.</summary>
public sealed class StepTimeoutException : StepFailedException
{
    internal StepTimeoutException(string step, int attempts, Failure failure) : base(ErrorCodes.StepTimeout, step, attempts, failure)
    {
    }
}
