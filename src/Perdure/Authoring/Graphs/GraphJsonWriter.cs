using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Perdure.Authoring;

/// <summary>A graph as JSON.</summary>
internal static class GraphJsonWriter
{
    public static string Write(WorkflowGraph graph)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("name", graph.Name);
            json.WriteStartArray("nodes");
            foreach (var node in graph.Nodes)
            {
                json.WriteStartObject();
                json.WriteString("id", node.Id);
                json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(node.Kind.ToString()));
                json.WriteString("label", node.Label);
                json.WriteString("state", JsonNamingPolicy.CamelCase.ConvertName(node.State.ToString()));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("edges");
            foreach (var edge in graph.Edges)
            {
                json.WriteStartObject();
                json.WriteString("from", edge.From);
                json.WriteString("to", edge.To);
                if (edge.Label is not null) json.WriteString("label", edge.Label);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
