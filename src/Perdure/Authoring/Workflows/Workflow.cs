using Perdure.Authoring;

namespace Perdure;

/// <summary>The base of all workflow classes. Derive from <see cref="Workflow{TIn, TOut}"/> or <see cref="Workflow{TIn}"/>.</summary>
public abstract class Workflow
{
    private protected Workflow()
    {
    }

    /// <summary>
    /// Describes this class with its own input and output types, which only it knows at compile time. It is called on an instance whose
    /// constructor has not run, and so touches no state.
    /// </summary>
    internal abstract WorkflowDescriptor Describe(
        WorkflowIdentity identity, WorkflowOptions options, Func<IServiceProvider?, Workflow> create);
}
