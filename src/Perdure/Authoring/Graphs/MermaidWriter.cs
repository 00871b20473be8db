using System.Text;

namespace Perdure.Authoring;

/// <summary>A graph as a flowchart in Mermaid's language.</summary>
internal static class MermaidWriter
{
    public static string Write(WorkflowGraph graph)
    {
        var text = new StringBuilder("flowchart TD\n");
        foreach (var node in graph.Nodes)
        {
            var (open, close) = Shape(node.Kind);
            text.Append("    ").Append(node.Id).Append(open).Append('"').Append(Escape(node.Label)).Append('"').Append(close);
            if (node.State != GraphNodeState.NotReached) text.Append(":::").Append(ClassOf(node.State));
            text.Append('\n');
        }
        foreach (var edge in graph.Edges)
        {
            text.Append("    ").Append(edge.From).Append(edge.Label == "undo" ? " -.->" : " -->");
            if (edge.Label is { } label) text.Append("|\"").Append(Escape(label)).Append("\"|");
            text.Append(' ').Append(edge.To).Append('\n');
        }
        foreach (var state in graph.Nodes.Select(static node => node.State).Where(static state => state != GraphNodeState.NotReached).Distinct().Order())
            text.Append("    classDef ").Append(ClassOf(state)).Append(" fill:").Append(GraphColors.Of(state)).Append(",color:#ffffff\n");
        return text.ToString();
    }

    private static string ClassOf(GraphNodeState state) => state.ToString().ToLowerInvariant();

    private static (string Open, string Close) Shape(GraphNodeKind kind) => kind switch
    {
        GraphNodeKind.Start or GraphNodeKind.End => ("([", "])"),
        GraphNodeKind.Branch => ("{", "}"),
        GraphNodeKind.Join => ("((", "))"),
        GraphNodeKind.Wait => ("{{", "}}"),
        GraphNodeKind.Child => ("[[", "]]"),
        GraphNodeKind.Compensation => ("[/", "/]"),
        _ => ("[", "]"),
    };

    private static string Escape(string label) => label.Replace("#", "#35;", StringComparison.Ordinal).Replace("\"", "#quot;", StringComparison.Ordinal)
        .Replace("<", "#lt;", StringComparison.Ordinal).Replace(">", "#gt;", StringComparison.Ordinal);
}
