using System.Text.Json;

namespace Perdure;

/// <summary>One event of a run's history. Immutable.</summary>
public sealed record HistoryEvent
{
    /// <summary>Its place in the history, from 0 without gaps.</summary>
    public required int Sequence { get; init; }

    /// <summary>What happened.</summary>
    public required EventKind Kind { get; init; }

    /// <summary>The kind as it is written in exports: <c>step_completed</c>.</summary>
    public required string WireName { get; init; }

    /// <summary>When, on the store's clock. It never falls within a run.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Number of the operation that it is about; null when it is about the run itself.</summary>
    public int? Operation { get; init; }

    /// <summary>Of an undo: number of the operation that it undoes, or -1 when nothing had completed before it was registered. Null for everything else.</summary>
    public int? Undoes { get; init; }

    /// <summary>Attempt of the step, activity or workflow, from 1; 0 where that has no meaning.</summary>
    public required int Attempt { get; init; }

    /// <summary>Name of the step, activity, signal or state; empty where there is none.</summary>
    public required string Name { get; init; }

    /// <summary>The step of a pipeline whose code asked for it, where <see cref="Name"/> does not tell: of its timers, of waits for signals, and of all that a <c>Flow</c> asks for. Else null.</summary>
    public string? Step { get; init; }

    /// <summary>Where the code asked for it, as <c>File.cs:12</c>; null when unknown.</summary>
    public string? Source { get; init; }

    /// <summary>When something is due because of it: a timer, a retry, a wait's limit. Null when nothing is.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>A short text: a message id, a reason, a strategy. Null for none.</summary>
    public string? Note { get; init; }

    /// <summary>The payload: a result, an input, a failure. Null when the event carries none.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Of a failed attempt: whether another one follows. Null for all other events.</summary>
    public bool? IsRetryable { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name.Length == 0 ? $"{Sequence} {WireName}" : $"{Sequence} {WireName} \"{Name}\"";
}
