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
