namespace Perdure.Authoring;

/// <summary>
/// How far the code of a pipeline has come, told by the code itself while it is replayed to be looked at: which nodes it has entered, left and passed over. Iterations are parts of
/// their own, so that what one has done is not taken for what another does. Not thread safe.
/// </summary>
internal sealed class GraphProgress(GraphProgress? outer = null)
{
    private readonly Dictionary<string, GraphNodeState> _left = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<GraphProgress>> _parts = new(StringComparer.Ordinal);
    private bool _isOver;

    /// <summary>Whether the code was entered.</summary>
    public bool HasBegun { get; private set; }

    private bool IsOver => outer?.IsOver ?? _isOver;

    /// <summary>The code was entered.</summary>
    public void Begin() => HasBegun = true;

    /// <summary>The run cannot go on: what its code does from now on is told nobody.</summary>
    public void Stop() => _isOver = true;

    /// <summary>A node is being worked on.</summary>
    public void Enter(string node)
    {
        if (!IsOver) _open[node] = _open.GetValueOrDefault(node) + 1;
    }

    /// <summary>One of several ways has come to a node, which waits for the others.</summary>
    public void Arrive(string node)
    {
        if (!_open.ContainsKey(node)) Enter(node);
    }

    /// <summary>A node is done with, one way or the other. What is not open, because it was left before, stays as it is.</summary>
    public void Leave(string node, GraphNodeState state)
    {
        if (IsOver || !_open.Remove(node, out var count)) return;
        if (count > 1) _open[node] = count - 1;
        _left[node] = state;
    }

    /// <summary>A node is done with that takes no time.</summary>
    public void Pass(string node, GraphNodeState state = GraphNodeState.Completed)
    {
        if (!IsOver) _left[node] = state;
    }

    /// <summary>A further iteration begins.</summary>
    /// <param name="loop">The node that repeats others.</param>
    /// <param name="beside">Whether it runs beside the others; else it takes the place of the last one.</param>
    public GraphProgress Iterate(string loop, bool beside)
    {
        if (!_parts.TryGetValue(loop, out var parts) || !beside) _parts[loop] = parts = [];
        var part = new GraphProgress(this);
        parts.Add(part);
        return part;
    }

    /// <summary>The name under which the end of a block is known, beside the block's own.</summary>
    public static string JoinOf(string block) => block + "\n";

    /// <summary>The state of a node. What is open in any iteration comes first, then what failed, then what is done.</summary>
    /// <param name="node">Its name.</param>
    /// <param name="open">The state of a node that is open, by its name.</param>
    public GraphNodeState Of(string node, Func<string, GraphNodeState> open)
    {
        var state = GraphNodeState.NotReached;
        if (_open.ContainsKey(node)) state = _parts.TryGetValue(node, out var iterations) && OfOpen(iterations, open) is { } inside ? inside : open(node);
        else if (_left.TryGetValue(node, out var left)) state = left;
        foreach (var parts in _parts.Values)
            foreach (var part in parts) state = First(state, part.Of(node, open));
        return state;
    }

    /// <summary>A node that repeats others is worked on if one of those is; null if none of them is open.</summary>
    private static GraphNodeState? OfOpen(List<GraphProgress> iterations, Func<string, GraphNodeState> open)
    {
        GraphNodeState? state = null;
        foreach (var iteration in iterations)
        {
            foreach (var node in iteration._open.Keys) state = First(state ?? GraphNodeState.NotReached, iteration.Of(node, open));
        }
        return state;
    }

    private static GraphNodeState First(GraphNodeState one, GraphNodeState other) => Rank(one) >= Rank(other) ? one : other;

    private static int Rank(GraphNodeState state) => state switch
    {
        GraphNodeState.Running => 6,
        GraphNodeState.Waiting => 5,
        GraphNodeState.Failed => 4,
        GraphNodeState.Completed => 3,
        GraphNodeState.Cancelled => 2,
        GraphNodeState.Skipped => 1,
        _ => 0,
    };
}
