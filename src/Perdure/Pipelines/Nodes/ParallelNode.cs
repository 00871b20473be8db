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
        var branches = new ParallelBranches<TInput>(run, scope, OnError);
        foreach (var (branch, _, steps) in _branches) _ = branches.Start(branch, steps, item: null);
        await branches.EndAsync();
        if (Into is { } merge) merge(scope.Data, branches.Outcomes);
        else Store(scope.Data, branches);
        return null;
    }

    public override void Draw(GraphBuilder graph)
    {
        var fork = graph.Add(GraphNodeKind.Branch, Name);
        var ends = new List<GraphEnd>();
        foreach (var (branch, _, steps) in _branches) ends.AddRange(graph.Inside(fork, branch, steps.Draw));
        graph.Join(Name, ends);
    }

    private void Store(RunData data, ParallelBranches<TInput> branches)
    {
        branches.Merge(Name);
        foreach (var (branch, returns, _) in _branches)
            data.Put(returns ?? $"parallel.{Name}.{branch}", ParallelBranches<TInput>.Tag(branches.Outcomes[branch]));
    }
}
