using Perdure.Authoring;

namespace Perdure.Pipelines.Nodes;

/// <summary>Waits for the clock.</summary>
internal sealed class SleepNode<TInput>(string name, Func<PipelineContext<TInput>, WorkflowContext, Task> sleep) : PipelineNode<TInput>(name)
{
    public override async Task<string?> RunAsync(PipelineRun<TInput> run, PipelineScope scope)
    {
        using (run.Context.EnterPlace(Name)) await scope.WaitAsync(sleep(run.See(Name, scope), run.Context));
        return null;
    }

    public override void Draw(GraphBuilder graph) => graph.Add(GraphNodeKind.Wait, Name);
}
