using System.Text.Json;

namespace Perdure;

/// <summary>A step or an activity of a run, as its history tells it. Immutable.</summary>
public sealed record RunStep
{
    /// <summary>Number of the operation within the run, in the order in which the code asked.</summary>
    public required int Operation { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is an activity (queued, or run locally); else an inline step.</summary>
    public required bool IsActivity { get; init; }

    /// <summary>Where it stands.</summary>
    public required RunStepStatus Status { get; init; }

    /// <summary>Whether it undoes what another step did: an undo of a saga.</summary>
    public bool IsCompensation { get; init; }

    /// <summary>Name of the step that it undoes; null unless it is an undo of one.</summary>
    public string? CompensationFor { get; init; }

    /// <summary>Attempts so far, those included that a crash interrupted.</summary>
    public required int Attempts { get; init; }

    /// <summary>An activity's input; null for steps, which have none.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>The result; null until it completed.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>The last error; null when the last attempt did not fail.</summary>
    public RunError? Error { get; init; }

    /// <summary>When the last attempt began, where that was recorded: for activities, and for steps that take longer than a second.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it came to its end; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How long the last attempt took, where its begin was recorded.</summary>
    public TimeSpan? Duration => EndedAt - StartedAt;
}
