using Perdure.Authoring;

namespace Perdure.Pipelines.Nodes;

/// <summary>A step that is written as workflow code.</summary>
internal sealed class FlowNode<TInput>(string name, Func<PipelineContext<TInput>, WorkflowContext, Task> body) : PipelineNode<TInput>(name)
{
    public override async Task<string?> RunAsync(PipelineRun<TInput> run, PipelineScope scope)
    {
        using (run.Context.EnterPlace(Name)) await body(run.See(Name, scope), run.Context);
        return null;
    }

    public override void Draw(GraphBuilder graph) => graph.Add(GraphNodeKind.Step, Name);
}
