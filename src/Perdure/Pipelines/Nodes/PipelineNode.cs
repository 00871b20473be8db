using Perdure.Authoring;

namespace Perdure.Pipelines.Nodes;

/// <summary>One step of a pipeline, of whatever kind. Immutable once the pipeline is built; what belongs to a run is in the scope.</summary>
internal abstract class PipelineNode<TInput>(string name)
{
    public string Name => name;

    /// <summary>Runs it as workflow code. Returns the name of the step of its sequence to go on with; null for the next.</summary>
    public abstract Task<string?> RunAsync(PipelineRun<TInput> run, PipelineScope scope);

    /// <summary>Adds it to the graph behind what stands before it.</summary>
    public abstract void Draw(GraphBuilder graph);

    /// <summary>Tells whoever looks at the run that it passes this by, with all that is inside.</summary>
    public virtual void Skip(GraphProgress progress) => progress.Pass(Name, GraphNodeState.Skipped);
}
