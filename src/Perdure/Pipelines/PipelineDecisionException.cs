using Perdure.Authoring;

namespace Perdure.Pipelines;

/// <summary>
/// A decision went to a step that it cannot go to: one that is not there (<see cref="ErrorCodes.DecisionTargetUnknown"/>), itself (<see cref="ErrorCodes.DecisionTargetSelf"/>), or one
/// before it (<see cref="ErrorCodes.DecisionTargetBackward"/>). The run fails.
/// </summary>
public sealed class PipelineDecisionException : PerdureException, IFinalError
{
    internal PipelineDecisionException(string code, string decision, string target, string why)
        : base(code, $"The decision '{decision}' goes to '{SafeText.Shorten(target, 255)}': {why}.") => (Decision, Target) = (decision, target);

    /// <summary>The step that decided.</summary>
    public string Decision { get; }

    /// <summary>Where it wanted to go.</summary>
    public string Target { get; }
}
