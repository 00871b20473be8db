using Perdure.Authoring;

namespace Perdure;

/// <summary>A workflow's name, version and input type: what a client needs to start it. Immutable.</summary>
/// <typeparam name="TIn">The input's type.</typeparam>
public class WorkflowDefinition<TIn> : IWorkflowDefinition
{
    /// <param name="name">The name under which the workflow is registered.</param>
    /// <param name="version">Its version, from 1 (the default).</param>
    /// <exception cref="InvalidOptionException">The name breaks the rule for names, or the version is less than 1.</exception>
    public WorkflowDefinition(string name, int version = 1)
    {
        Names.Validate(NameKind.Workflow, name);
        Name = name;
        Version = WorkflowIdentity.CheckVersion(version);
    }

    private WorkflowDefinition((string Name, int Version) reserved) => (Name, Version) = reserved;

    /// <summary>The name under which the workflow is registered.</summary>
    public string Name { get; }

    /// <summary>The workflow's version, from 1.</summary>
    public int Version { get; }

    /// <summary>A workflow of the engine's own, whose name begins with an underscore.</summary>
    internal static WorkflowDefinition<TIn> BuiltIn(string name) => new((name, 1));

    /// <inheritdoc/>
    public override string ToString() => WorkflowIdentity.Format(Name, Version);
}
