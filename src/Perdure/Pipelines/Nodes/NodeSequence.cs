using Perdure.Authoring;

namespace Perdure.Pipelines.Nodes;

/// <summary>Nodes one after the other: a pipeline, a clause, a branch, the body of a loop.</summary>
internal sealed class NodeSequence<TInput>
{
    private readonly List<PipelineNode<TInput>> _nodes = [];

    public bool IsEmpty => _nodes.Count == 0;

    public void Add(PipelineNode<TInput> node) => _nodes.Add(node);

    public async Task RunAsync(PipelineRun<TInput> run, PipelineScope scope)
    {
        for (var i = 0; i < _nodes.Count && !scope.End.IsReached;)
        {
            scope.Gate?.Pass();
            var target = await _nodes[i].RunAsync(run, scope);
            i = target is null ? i + 1 : PlaceOf(target, i);
        }
    }

    public void Draw(GraphBuilder graph)
    {
        foreach (var node in _nodes) node.Draw(graph);
    }

    private int PlaceOf(string target, int from)
    {
        var place = _nodes.FindIndex(node => node.Name == target);
        var decision = _nodes[from].Name;
        if (place < 0)
            throw new PipelineDecisionException(ErrorCodes.DecisionTargetUnknown, decision, target, "the sequence of the decision has no such step");
        if (place == from) throw new PipelineDecisionException(ErrorCodes.DecisionTargetSelf, decision, target, "a decision cannot go to itself");
        if (place < from) throw new PipelineDecisionException(ErrorCodes.DecisionTargetBackward, decision, target, "a decision goes forward only; use a Loop");
        return place;
    }
}
