using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perdure.Torture.Adapter.Programs;

/// <summary>One operation of a program, of whichever kind: members of other kinds are null.</summary>
internal sealed record Operation
{
    /// <summary>The kind.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? O { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Id { get; init; }

    /// <summary>Time of a body or a timer, or the limit of a wait, in milliseconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public long? Ms { get; init; }

    /// <summary>The signal that a wait takes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Name { get; init; }

    /// <summary>The program of a child.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public TortureProgram? Prog { get; init; }

    /// <summary>The start key of a child; mostly null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Key { get; init; }

    /// <summary>"queue", if the body of a step runs as an activity, on whichever worker takes it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Where { get; init; }

    /// <summary>The queue of such a step.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Q { get; init; }

    /// <summary>Turns of a loop; how often a run goes on as new.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? N { get; init; }

    /// <summary>The body of a loop or shield; of a fan-out, a list of those.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public JsonElement? B { get; init; }

    /// <summary>The do-steps of a saga.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyList<Operation>? S { get; init; }

    /// <summary>What undoes a do-step.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public Operation? Undo { get; init; }

    /// <summary>Before which do-step a saga fails.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? FailAt { get; init; }

    /// <summary>Pairs of a kind of failure and for how many attempts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyList<JsonElement>? Fail { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public RetryRule? Retry { get; init; }

    /// <summary>Limit of one attempt, in milliseconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? Timeout { get; init; }

    /// <summary>Bytes of padding that a result carries.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? Size { get; init; }

    [JsonIgnore] public bool IsQueued => Where == "queue";

    /// <summary>The list that a loop or a shield runs.</summary>
    public IReadOnlyList<Operation> Body() => B!.Value.Deserialize<Operation[]>(ProgramJson.Options)!;

    /// <summary>The lists that a fan-out runs side by side.</summary>
    public IReadOnlyList<IReadOnlyList<Operation>> Branches() => B!.Value.Deserialize<Operation[][]>(ProgramJson.Options)!;
}
