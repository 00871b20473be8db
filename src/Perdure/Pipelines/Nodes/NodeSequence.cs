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
            var node = _nodes[i];
            scope.Progress?.Enter(node.Name);
            try
            {
                var target = await node.RunAsync(run, scope);
                var next = target is null ? i + 1 : PlaceOf(target, i);
                if (scope.Progress is { } progress) Leave(progress, i, scope.End.IsReached ? _nodes.Count : next);
                i = next;
            }
            catch (Exception e) when (Failed(scope.Progress, node, e))
            {
                throw;
            }
        }
    }

    /// <summary>Tells whoever looks at the run that a node is done, and that those up to the next one are passed by.</summary>
    private void Leave(GraphProgress progress, int place, int next)
    {
        progress.Leave(_nodes[place].Name, GraphNodeState.Completed);
        for (var i = place + 1; i < next; i++) _nodes[i].Skip(progress);
    }

    /// <summary>Always false: nothing is caught.</summary>
    private static bool Failed(GraphProgress? progress, PipelineNode<TInput> node, Exception e)
    {
        progress?.Leave(node.Name, e is OperationCanceledException ? GraphNodeState.Cancelled : GraphNodeState.Failed);
        return false;
    }

    /// <summary>Tells whoever looks at the run that it passes all of them by.</summary>
    public void Skip(GraphProgress progress)
    {
        foreach (var node in _nodes) node.Skip(progress);
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
