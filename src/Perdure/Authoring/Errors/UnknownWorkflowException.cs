using Perdure.Authoring;

namespace Perdure;

/// <summary>No workflow of that name is registered here, and the start did not say <see cref="StartOptions.AllowRemote"/>.</summary>
public sealed class UnknownWorkflowException : PerdureException, IFinalError
{
    internal UnknownWorkflowException(string workflow, string hint)
        : base(ErrorCodes.UnknownWorkflow, $"No workflow '{SafeText.Shorten(workflow, 255)}' is registered here: {hint}") =>
        Workflow = workflow;

    /// <summary>The name.</summary>
    public string Workflow { get; }
}
