using System.Text;

namespace Perdure.Authoring;

/// <summary>A graph as a digraph in Graphviz' language.</summary>
internal static class DotWriter
{
    public static string Write(WorkflowGraph graph)
    {
        var text = new StringBuilder("digraph ").Append(Quote(graph.Name)).Append(" {\n");
        foreach (var node in graph.Nodes)
        {
            text.Append("    ").Append(node.Id).Append(" [label=").Append(Quote(node.Label)).Append(", shape=").Append(Shape(node.Kind));
            if (node.State != GraphNodeState.NotReached) text.Append(", style=filled, fontcolor=white, fillcolor=\"").Append(GraphColors.Of(node.State)).Append('"');
            text.Append("];\n");
        }
        foreach (var edge in graph.Edges)
        {
            text.Append("    ").Append(edge.From).Append(" -> ").Append(edge.To);
            if (edge.Label is { } label) text.Append(" [label=").Append(Quote(label)).Append(label == "undo" ? ", style=dashed]" : "]");
            text.Append(";\n");
        }
        return text.Append("}\n").ToString();
    }

    private static string Shape(GraphNodeKind kind) => kind switch
    {
        GraphNodeKind.Start or GraphNodeKind.End => "oval",
        GraphNodeKind.Branch => "diamond",
        GraphNodeKind.Join => "circle",
        GraphNodeKind.Wait => "hexagon",
        GraphNodeKind.Child => "box3d",
        GraphNodeKind.Compensation => "parallelogram",
        _ => "box",
    };

    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
