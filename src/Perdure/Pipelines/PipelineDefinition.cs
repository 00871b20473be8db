using Perdure.Authoring;

namespace Perdure.Pipelines;

/// <summary>A pipeline, whatever its input: what registration and tools need of it. Immutable and thread-safe.</summary>
public abstract class PipelineDefinition
{
    private protected PipelineDefinition(string name, int version, WorkflowGraph graph) => (Name, Version, Graph) = (name, version, graph);

    /// <summary>The workflow's name.</summary>
    public string Name { get; }

    /// <summary>The workflow's version.</summary>
    public int Version { get; }

    /// <summary>What the pipeline can do, before any run of it.</summary>
    public WorkflowGraph Graph { get; }

    /// <summary>Adds the workflow, and the activities behind steps that have a queue.</summary>
    internal abstract void Register(WorkflowRegistry workflows, ActivityRegistry activities);
}
