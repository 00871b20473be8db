using System.Globalization;

namespace Perdure.Authoring;

/// <summary>Puts a graph together from its beginning to its end.</summary>
internal sealed class GraphBuilder(string name)
{
    private readonly List<GraphNode> _nodes = [];
    private readonly List<GraphEdge> _edges = [];
    private List<GraphEnd> _ends = [];

    public void Begin() => Add(GraphNodeKind.Start, "start");

    /// <summary>Adds a node behind all loose ends.</summary>
    public string Add(GraphNodeKind kind, string label, GraphNodeState state = GraphNodeState.NotReached)
    {
        var id = AddLoose(kind, label, state);
        foreach (var end in _ends) _edges.Add(new GraphEdge(end.From, id, end.Label));
        _ends = [new GraphEnd(id, null)];
        return id;
    }

    /// <summary>Adds what undoes the node that was added last.</summary>
    public void AddUndo(string label, GraphNodeState state = GraphNodeState.NotReached)
    {
        var undone = _nodes[^1].Id;
        _edges.Add(new GraphEdge(undone, AddLoose(GraphNodeKind.Compensation, label, state), "undo"));
    }

    /// <summary>Draws a way that leaves a node, and returns its loose ends.</summary>
    public List<GraphEnd> Inside(string from, string label, Action<GraphBuilder> draw)
    {
        var outer = _ends;
        _ends = [new GraphEnd(from, label)];
        draw(this);
        var ends = _ends;
        _ends = outer;
        return ends;
    }

    /// <summary>Brings ways together.</summary>
    public void Join(string label, List<GraphEnd> ends)
    {
        _ends = ends;
        Add(GraphNodeKind.Join, label);
    }

    /// <summary>Draws a way that leads back to where it began.</summary>
    public void Repeat(string label, string again, Action<GraphBuilder> draw)
    {
        var head = Add(GraphNodeKind.Branch, label);
        foreach (var end in Inside(head, again, draw)) _edges.Add(new GraphEdge(end.From, head, end.Label));
        _ends = [new GraphEnd(head, "done")];
    }

    public WorkflowGraph Finish(GraphNodeState state = GraphNodeState.NotReached)
    {
        Add(GraphNodeKind.End, "end", state);
        return new WorkflowGraph(name, _nodes, _edges);
    }

    private string AddLoose(GraphNodeKind kind, string label, GraphNodeState state)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"n{_nodes.Count}");
        _nodes.Add(new GraphNode(id, kind, label, state));
        return id;
    }
}

/// <summary>A node whose way on is not known yet.</summary>
/// <param name="From">Its id.</param>
/// <param name="Label">When the way is taken; null for always.</param>
internal readonly record struct GraphEnd(string From, string? Label);
