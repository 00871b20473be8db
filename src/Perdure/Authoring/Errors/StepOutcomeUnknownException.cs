using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// An at-most-once step was interrupted by a crash. It may have had its effect, and is not run again: find out, then go on.
/// </summary>
public sealed class StepOutcomeUnknownException : PerdureException, IFinalError
{
    internal StepOutcomeUnknownException(string step)
        : base(ErrorCodes.StepOutcomeUnknown, $"The at-most-once step '{step}' was interrupted; whether it had its effect is unknown.") =>
        Name = step;

    /// <summary>The step's name.</summary>
    public string Name { get; }
}
