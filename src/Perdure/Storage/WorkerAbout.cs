using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Perdure.Storage;

/// <summary>What a worker says of its queues and workflows, for those who ask why nothing happens: as text, which no statement of a store looks into.</summary>
internal static class WorkerAbout
{
    /// <summary>The text; null if the worker says neither which queues it serves nor which workflows it has code for.</summary>
    public static string? Write(WorkerRegistration registration)
    {
        if (registration is { Queues: null, Workflows: null }) return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (registration.Queues is { } queues)
            {
                json.WriteStartObject("queues");
                foreach (var (queue, activities) in queues) json.WriteNumber(queue, activities);
                json.WriteEndObject();
            }
            if (registration.Workflows is { } workflows)
            {
                json.WriteStartArray("workflows");
                foreach (var (workflow, version, build) in workflows)
                {
                    json.WriteStartObject();
                    json.WriteString("name", workflow);
                    json.WriteNumber("version", version);
                    if (build is not null) json.WriteString("build", build);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A worker with what it said; <paramref name="text"/> is null if it said nothing.</summary>
    public static WorkerRecord Read(WorkerRecord worker, string? text)
    {
        if (text is null) return worker;
        using var json = JsonDocument.Parse(text);
        Dictionary<string, int>? queues = null;
        if (json.RootElement.TryGetProperty("queues", out var served))
        {
            queues = new(StringComparer.Ordinal);
            foreach (var queue in served.EnumerateObject()) queues[queue.Name] = queue.Value.GetInt32();
        }
        List<WorkflowCode>? workflows = null;
        if (json.RootElement.TryGetProperty("workflows", out var codes))
        {
            workflows = [];
            foreach (var code in codes.EnumerateArray())
            {
                var build = code.TryGetProperty("build", out var pinned) ? pinned.GetString() : null;
                workflows.Add(new(code.GetProperty("name").GetString()!, code.GetProperty("version").GetInt32(), build));
            }
        }
        return worker with { Queues = queues, Workflows = workflows };
    }
}
