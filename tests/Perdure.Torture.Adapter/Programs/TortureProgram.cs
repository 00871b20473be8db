using System.Text.Json.Serialization;

namespace Perdure.Torture.Adapter.Programs;

/// <summary>A program that the interpreter runs; the input of its run.</summary>
internal sealed record TortureProgram
{
    /// <summary>Its unique name.</summary>
    public required string K { get; init; }

    /// <summary>The witness that it begins with; given, never computed.</summary>
    public required string Ph { get; init; }

    public required IReadOnlyList<Operation> Ops { get; init; }

    /// <summary>What a run that goes on as new has from the one before; null in the first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public Generation? Next { get; init; }
}
