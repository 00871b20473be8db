using System.Text.Json;
using System.Text.Json.Nodes;
using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Workload;

/// <summary>A program, and what its clients must do so that it can end.</summary>
internal sealed record GeneratedProgram
{
    public required string Name { get; init; }
    public required string Ph { get; init; }
    public required JsonArray Operations { get; init; }

    /// <summary>Names of the signals that it may wait for, one for each time.</summary>
    public required IReadOnlyList<string> Signals { get; init; }

    /// <summary>Whether one of its steps kills every worker that runs it.</summary>
    public required bool IsPoison { get; init; }

    public required int MaxDeliveries { get; init; }

    public JsonObject ToJson() => new() { ["k"] = Name, ["ph"] = Ph, ["ops"] = Operations.DeepClone() };

    public TortureProgram Parse() => ProgramJson.Read(JsonSerializer.SerializeToElement(ToJson()));
}
