using System.Text.Json.Nodes;

namespace Perdure.Torture.Adapter.Clients;

/// <summary>Writes one JSON object a line, whole and at once. Thread safe.</summary>
internal sealed class Answers(Stream output) : IDisposable
{
    private readonly StreamWriter _writer = new(output) { AutoFlush = true, NewLine = "\n" };
    private readonly Lock _gate = new();

    public void Write(JsonObject line)
    {
        var text = line.ToJsonString();
        lock (_gate) _writer.WriteLine(text);
    }

    public void Dispose() => _writer.Dispose();
}
