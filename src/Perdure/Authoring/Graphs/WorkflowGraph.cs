namespace Perdure;

/// <summary>
/// The steps of a workflow and the ways between them: of a pipeline all that it can do, of other workflows what was seen in a run's history. Immutable and thread-safe.
/// </summary>
/// <param name="Name">The workflow's name.</param>
/// <param name="Nodes">The nodes; the first is the start.</param>
/// <param name="Edges">The ways between them.</param>
public sealed record WorkflowGraph(string Name, IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges)
{
    /// <summary>A flowchart in Mermaid's language.</summary>
    public string ToMermaid() => Authoring.MermaidWriter.Write(this);

    /// <summary>A digraph in Graphviz' language.</summary>
    public string ToDot() => Authoring.DotWriter.Write(this);

    /// <summary>One JSON object: <c>name</c>, <c>nodes</c>, <c>edges</c>.</summary>
    public string ToJson() => Authoring.GraphJsonWriter.Write(this);

    /// <summary>A drawing, complete in itself.</summary>
    public string ToSvg() => Authoring.SvgWriter.Write(this);
}

/// <summary>A node of a graph.</summary>
/// <param name="Id">Unique in the graph.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Label">For people; of a step its name.</param>
/// <param name="State">How far a run has come here; <see cref="GraphNodeState.NotReached"/> in the graph of a workflow.</param>
public sealed record GraphNode(string Id, GraphNodeKind Kind, string Label, GraphNodeState State = GraphNodeState.NotReached);

/// <summary>A way between two nodes.</summary>
/// <param name="From">Id of the node that it leaves.</param>
/// <param name="To">Id of the node that it leads to.</param>
/// <param name="Label">When it is taken; null for always.</param>
public sealed record GraphEdge(string From, string To, string? Label = null);
