using System.Collections;
using System.Globalization;
using Perdure.Authoring;

namespace Perdure.Pipelines.Nodes;

/// <summary>Runs a sequence for each item of a list: one after the other on the same data, or several at a time on copies that are merged at the end.</summary>
internal sealed class ForEachNode<TInput>(string name, Func<PipelineContext<TInput>, IEnumerable> select, NodeSequence<TInput> steps, int maxParallel) : PipelineNode<TInput>(name)
{
    public override async Task<string?> RunAsync(PipelineRun<TInput> run, PipelineScope scope)
    {
        var items = Items(run, scope);
        if (maxParallel > 1) await SideBySideAsync(run, scope, items);
        else
            for (var i = 0; i < items.Count && !scope.End.IsReached; i++) await steps.RunAsync(run, scope with { Item = items[i], Progress = scope.Progress?.Iterate(Name, beside: false) });
        if (items.Count == 0 && scope.Progress is not null) steps.Skip(scope.Progress);
        return null;
    }

    public override void Draw(GraphBuilder graph) => graph.Repeat(Name, "each", steps.Draw);

    public override void Skip(GraphProgress progress)
    {
        base.Skip(progress);
        steps.Skip(progress);
    }

    private List<PipelineItem> Items(PipelineRun<TInput> run, PipelineScope scope)
    {
        var items = new List<PipelineItem>();
        foreach (var item in select(run.See(Name, scope)) ?? throw new InvalidOperationException($"The list of '{Name}' is null."))
            items.Add(new PipelineItem(items.Count, item is null ? PayloadCodec.Null : run.Codec.Serialize(item, item.GetType(), PayloadKind.Data)));
        return items;
    }

    private async Task SideBySideAsync(PipelineRun<TInput> run, PipelineScope scope, List<PipelineItem> items)
    {
        var branches = new ParallelBranches<TInput>(run, scope, OnError.FailFast, join: null);
        var next = 0;
        var lanes = new Task[Math.Min(maxParallel, items.Count)];
        for (var i = 0; i < lanes.Length; i++) lanes[i] = LaneAsync();
        await Task.WhenAll(lanes);
        await branches.EndAsync();
        branches.Merge(Name);

        async Task LaneAsync()
        {
            while (next < items.Count && !branches.HasFailed)
            {
                var item = items[next++];
                await branches.Start(item.Index.ToString(CultureInfo.InvariantCulture), steps, item, scope.Progress?.Iterate(Name, beside: true));
            }
        }
    }
}
