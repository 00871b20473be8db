namespace Perdure.Runtime;

/// <summary>Thrown into code that uses a context while a body of its run runs, most likely inside of that body; the run is blocked as well.</summary>
/// <param name="step">Name of the step or activity.</param>
internal sealed class DurableCallInStepException(string step) : PerdureException(ErrorCodes.DurableCallInStep,
    $"The workflow context was used while the body of '{step}' ran. A body is repeated as a whole, so it cannot hold operations of its own: call them in the workflow, before or after the step, " +
    "or declare the step as a Flow in a pipeline. If the call did not come from that body, it came from another thread, which is not allowed either.");
