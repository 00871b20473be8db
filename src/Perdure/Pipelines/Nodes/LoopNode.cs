using Perdure.Authoring;

namespace Perdure.Pipelines.Nodes;

/// <summary>Runs a sequence as long as a condition holds.</summary>
internal sealed class LoopNode<TInput>(string name, Func<PipelineContext<TInput>, bool> goesOn, NodeSequence<TInput> steps, int maxIterations) : PipelineNode<TInput>(name)
{
    public override async Task<string?> RunAsync(PipelineRun<TInput> run, PipelineScope scope)
    {
        var i = 0;
        for (; !scope.End.IsReached; i++)
        {
            var turn = scope with { Item = new PipelineItem(i, scope.Item?.Json ?? default) };
            if (!goesOn(run.See(Name, turn))) break;
            if (i == maxIterations) throw new LoopLimitException(Name, maxIterations);
            await steps.RunAsync(run, scope.Progress is null ? turn : turn with { Progress = scope.Progress.Iterate(Name, beside: false) });
        }
        if (i == 0 && scope.Progress is not null) steps.Skip(scope.Progress);
        return null;
    }

    public override void Draw(GraphBuilder graph) => graph.Repeat(Name, "again", steps.Draw);

    public override void Skip(GraphProgress progress)
    {
        base.Skip(progress);
        steps.Skip(progress);
    }
}
