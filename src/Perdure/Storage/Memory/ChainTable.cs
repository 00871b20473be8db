namespace Perdure.Storage.Memory;

/// <summary>Runs that went on in each other's place.</summary>
internal sealed class ChainTable
{
    private readonly Dictionary<long, SortedList<int, RunRow>> _chains = [];

    /// <summary>A run goes on in another's place.</summary>
    public void Succeed(RunRow run, RunRow successor)
    {
        if (run.Chain is null) Add(run, new ChainLink(run.Key, 0));
        Add(successor, run.Chain! with { Number = run.Chain.Number + 1 });
    }

    public void Add(RunRow run, ChainLink link)
    {
        run.Chain = link;
        if (!_chains.TryGetValue(link.First, out var chain)) _chains[link.First] = chain = [];
        chain.Add(link.Number, run);
    }

    /// <summary>All runs of the chain that a run belongs to, in order.</summary>
    public IReadOnlyList<RunRow> Of(RunRow run) => run.Chain is { } link ? [.. _chains[link.First].Values] : [run];

    /// <summary>The run that stands for a run now: itself, unless another went on in its place.</summary>
    public RunRow Last(RunRow run) => run.Chain is { } link ? _chains[link.First].Values[^1] : run;

    public void Remove(RunRow run)
    {
        if (run.Chain is { } link) _chains[link.First].Remove(link.Number);
    }
}

/// <summary>The place of a run among those that went on in each other's place.</summary>
/// <param name="First">Key of the first of them.</param>
/// <param name="Number">How many went before.</param>
internal sealed record ChainLink(long First, int Number);
