using Perdure.Authoring;

namespace Perdure.Pipelines.Nodes;

/// <summary>Branches side by side, each on a copy of the data; then they are joined.</summary>
internal sealed class ParallelNode<TInput>(string name) : PipelineNode<TInput>(name)
{
    private readonly List<(string Name, string? Returns, NodeSequence<TInput> Steps)> _branches = [];

    public OnError OnError { get; set; }

    public Action<RunData, IReadOnlyDictionary<string, BranchOutcome>>? Into { get; set; }

    public int Count => _branches.Count;

    public bool Has(string branch) => _branches.Exists(known => known.Name == branch);

    public void Add(string branch, string? returns, NodeSequence<TInput> steps) => _branches.Add((branch, returns, steps));

    public override async Task<string?> RunAsync(PipelineRun<TInput> run, PipelineScope scope)
    {
        var join = GraphProgress.JoinOf(Name);
        var branches = new ParallelBranches<TInput>(run, scope, OnError, join);
        scope.Progress?.Leave(Name, GraphNodeState.Completed);
        foreach (var (branch, _, steps) in _branches) _ = branches.Start(branch, steps, item: null, scope.Progress);
        try
        {
            await branches.EndAsync();
            if (Into is { } merge) merge(scope.Data, branches.Outcomes);
            else Store(scope.Data, branches);
        }
        catch (Exception e) when (Failed(scope.Progress, join, e))
        {
            throw;
        }
        scope.Progress?.Leave(join, GraphNodeState.Completed);
        return null;
    }

    public override void Draw(GraphBuilder graph)
    {
        var fork = graph.Add(GraphNodeKind.Branch, Name);
        var ends = new List<GraphEnd>();
        foreach (var (branch, _, steps) in _branches) ends.AddRange(graph.Inside(fork, branch, steps.Draw));
        graph.Join(Name, ends);
    }

    public override void Skip(GraphProgress progress)
    {
        base.Skip(progress);
        foreach (var (_, _, steps) in _branches) steps.Skip(progress);
        progress.Pass(GraphProgress.JoinOf(Name), GraphNodeState.Skipped);
    }

    private static bool Failed(GraphProgress? progress, string join, Exception e)
    {
        progress?.Leave(join, e is OperationCanceledException ? GraphNodeState.Cancelled : GraphNodeState.Failed);
        return false;
    }

    private void Store(RunData data, ParallelBranches<TInput> branches)
    {
        branches.Merge(Name);
        foreach (var (branch, returns, _) in _branches)
            data.Put(returns ?? $"parallel.{Name}.{branch}", ParallelBranches<TInput>.Tag(branches.Outcomes[branch]));
    }
}
