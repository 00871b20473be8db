namespace Perdure.Storage.Memory;

/// <summary>Which runs are children of which.</summary>
internal sealed class FamilyTable
{
    private readonly Dictionary<long, List<RunRow>> _children = [];

    public void Add(RunRow child, FamilyTie tie)
    {
        child.Tie = tie;
        if (!_children.TryGetValue(tie.Parent, out var siblings)) _children[tie.Parent] = siblings = [];
        siblings.Add(child);
    }

    public IReadOnlyList<RunRow> ChildrenOf(long run) => _children.TryGetValue(run, out var children) ? children : [];

    /// <summary>A run goes on in another's place: its parent has it as a child too, and its children have it as their parent.</summary>
    public void Succeed(RunRow run, RunRow successor)
    {
        if (run.Tie is { } tie) Add(successor, tie);
        if (!_children.Remove(run.Key, out var children)) return;
        foreach (var child in children) child.Tie = child.Tie! with { Parent = successor.Key };
        _children[successor.Key] = children;
    }

    public bool HasLiveChildren(long run)
    {
        if (!_children.TryGetValue(run, out var children)) return false;
        foreach (var child in children)
            if (!child.Status.IsTerminal()) return true;
        return false;
    }

    /// <summary>Forgets a run; what it was to its parent is forgotten with it, but its children remember it.</summary>
    public void Remove(RunRow run)
    {
        _children.Remove(run.Key);
        if (run.Tie is { } tie && _children.TryGetValue(tie.Parent, out var siblings)) siblings.Remove(run);
    }
}

/// <summary>What a run is to its parent.</summary>
/// <param name="Parent">Key of the parent.</param>
/// <param name="ParentId">Public id of the parent when the child was born.</param>
/// <param name="Root">Public id of the run at the top of the tree.</param>
internal sealed record FamilyTie(long Parent, string ParentId, string Root);
