using System.Text.Json;
using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Tests.Vectors;

/// <summary>A program, what completes in it, and what must come of it.</summary>
internal sealed record Vector
{
    public required string Name { get; init; }
    public required TortureProgram Program { get; init; }
    public required Dictionary<string, string> Values { get; init; }
    public required VectorEvent[] Events { get; init; }

    /// <summary>The witness of each step that is asked for.</summary>
    public required Dictionary<string, string> In { get; init; }

    public required string State { get; init; }
    public required string? Result { get; init; }

    public static JsonElement File { get; } = JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", "vectors.json"))).RootElement;

    public static IReadOnlyList<Vector> All { get; } = [.. File.GetProperty("vectors").EnumerateArray().Select(Read)];

    public override string ToString() => Name;

    private static Vector Read(JsonElement json) => new()
    {
        Name = json.GetProperty("name").GetString()!,
        Program = ProgramJson.Read(json.GetProperty("prog")),
        Values = json.GetProperty("values").Deserialize<Dictionary<string, string>>()!,
        Events = json.GetProperty("events").Deserialize<VectorEvent[]>(ProgramJson.Options)!,
        In = json.GetProperty("in").Deserialize<Dictionary<string, string>>()!,
        State = json.GetProperty("state").GetString()!,
        Result = json.GetProperty("result").GetString(),
    };
}

/// <summary>Something that completes.</summary>
internal sealed record VectorEvent(string Type, string? S, string? X);
