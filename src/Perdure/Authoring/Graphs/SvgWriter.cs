using System.Globalization;
using System.Security;
using System.Text;

namespace Perdure.Authoring;

/// <summary>
/// A graph as a drawing: nodes in layers from top to bottom, each as deep as the longest way that leads to it; a way back goes around at the side.
/// </summary>
internal static class SvgWriter
{
    private const int Width = 180;
    private const int Height = 40;
    private const int GapX = 40;
    private const int GapY = 44;
    private const int Margin = 60;
    private const int LabelLength = 24;

    public static string Write(WorkflowGraph graph)
    {
        var places = Place(graph);
        var (columns, rows) = (places.Values.Max(static place => place.Column) + 1, places.Values.Max(static place => place.Row) + 1);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{2 * Margin + columns * (Width + GapX)}\" height=\"{2 * Margin + rows * (Height + GapY)}\" font-family=\"sans-serif\" font-size=\"13\">\n");
        text.Append("<title>").Append(Escape(graph.Name)).Append("</title>\n");
        text.Append("<defs><marker id=\"a\" markerWidth=\"8\" markerHeight=\"8\" refX=\"7\" refY=\"4\" orient=\"auto\"><path d=\"M0,0 L8,4 L0,8 z\" fill=\"#57606a\"/></marker></defs>\n");
        foreach (var edge in graph.Edges) Draw(text, edge, places[edge.From], places[edge.To]);
        foreach (var node in graph.Nodes) Draw(text, node, places[node.Id]);
        return text.Append("</svg>\n").ToString();
    }

    private static Dictionary<string, (int Column, int Row)> Place(WorkflowGraph graph)
    {
        // Nodes are numbered in the order in which they are drawn, so an edge to an earlier one leads back.
        var order = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes) order[node.Id] = order.Count;
        var row = new int[graph.Nodes.Count];
        foreach (var edge in graph.Edges.OrderBy(edge => order[edge.From]))
            if (order[edge.To] > order[edge.From]) row[order[edge.To]] = Math.Max(row[order[edge.To]], row[order[edge.From]] + 1);
        var used = new Dictionary<int, int>();
        var places = new Dictionary<string, (int, int)>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
        {
            var depth = row[order[node.Id]];
            var column = used.GetValueOrDefault(depth);
            used[depth] = column + 1;
            places[node.Id] = (column, depth);
        }
        return places;
    }

    private static void Draw(StringBuilder text, GraphNode node, (int Column, int Row) place)
    {
        var (x, y) = Corner(place);
        var fill = node.State == GraphNodeState.NotReached ? "#f6f8fa" : GraphColors.Of(node.State);
        var round = node.Kind is GraphNodeKind.Start or GraphNodeKind.End or GraphNodeKind.Join ? Height / 2 : 6;
        var dash = node.Kind is GraphNodeKind.Wait or GraphNodeKind.Compensation ? " stroke-dasharray=\"5 3\"" : "";
        var shape = node.Kind == GraphNodeKind.Branch
            ? string.Create(CultureInfo.InvariantCulture, $"<polygon points=\"{x},{y + Height / 2} {x + 16},{y} {x + Width - 16},{y} {x + Width},{y + Height / 2} {x + Width - 16},{y + Height} {x + 16},{y + Height}\"")
            : string.Create(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"{y}\" width=\"{Width}\" height=\"{Height}\" rx=\"{round}\"");
        text.Append(shape).Append(" fill=\"").Append(fill).Append("\" stroke=\"#57606a\"").Append(dash).Append("><title>")
            .Append(Escape($"{node.Label} ({node.Kind}{(node.State == GraphNodeState.NotReached ? "" : ", " + node.State)})")).Append(node.Kind == GraphNodeKind.Branch ? "</title></polygon>\n" : "</title></rect>\n");
        text.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + Width / 2}\" y=\"{y + Height / 2 + 5}\" text-anchor=\"middle\" fill=\"{(node.State == GraphNodeState.NotReached ? "#24292f" : "#ffffff")}\">")
            .Append(Escape(SafeText.Shorten(node.Label, LabelLength))).Append("</text>\n");
    }

    private static void Draw(StringBuilder text, GraphEdge edge, (int Column, int Row) from, (int Column, int Row) to)
    {
        var (fromX, fromY) = Corner(from);
        var (toX, toY) = Corner(to);
        var (x1, x2) = (fromX + Width / 2, toX + Width / 2);
        var path = to.Row > from.Row
            ? string.Create(CultureInfo.InvariantCulture, $"M{x1},{fromY + Height} C{x1},{fromY + Height + GapY / 2} {x2},{toY - GapY / 2} {x2},{toY}")
            : string.Create(CultureInfo.InvariantCulture, $"M{fromX},{fromY + Height / 2} C{fromX - GapX},{fromY} {toX - GapX},{toY + Height} {toX},{toY + Height / 2}");
        text.Append("<path d=\"").Append(path).Append("\" fill=\"none\" stroke=\"#57606a\" marker-end=\"url(#a)\"").Append(edge.Label == "undo" ? " stroke-dasharray=\"4 3\"" : "").Append("/>\n");
        if (edge.Label is { } label)
            text.Append(CultureInfo.InvariantCulture, $"<text x=\"{(x1 + x2) / 2 + 6}\" y=\"{(fromY + Height + toY) / 2}\" font-size=\"11\" fill=\"#57606a\">")
                .Append(Escape(SafeText.Shorten(label, LabelLength))).Append("</text>\n");
    }

    private static (int X, int Y) Corner((int Column, int Row) place) => (Margin + place.Column * (Width + GapX), Margin + place.Row * (Height + GapY));

    private static string Escape(string text) => SecurityElement.Escape(text);
}
