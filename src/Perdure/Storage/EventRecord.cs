namespace Perdure.Storage;

/// <summary>
/// One event of a run's history, as the engine writes and reads it. A struct, so that replaying a thousand of them allocates nothing
/// but what the workflow itself sees.
/// </summary>
internal readonly struct EventRecord
{
    /// <summary>No operation: the event belongs to the run itself.</summary>
    public const int NoOperation = -1;

    public EventRecord() { }

    public EventKind Kind { get; init; }

    /// <summary>Position in the history, from 0 without gaps. Assigned by the run's owner.</summary>
    public int Sequence { get; init; }

    /// <summary>Store clock; never falls within a run.</summary>
    public Instant At { get; init; }

    /// <summary>Number of the operation that the event is about, or <see cref="NoOperation"/>.</summary>
    public int Operation { get; init; } = NoOperation;

    /// <summary>Attempt of the step, activity or workflow, from 1; 0 where it has no meaning.</summary>
    public int Attempt { get; init; }

    /// <summary>How often the run had lost its worker when this was written; see <c>RunRecord.Losses</c>.</summary>
    public int Losses { get; init; }

    /// <summary>
    /// Of an undo: number of the operation that it undoes, or <see cref="NoOperation"/> when nothing had completed before it was registered. Null for everything else.
    /// </summary>
    public int? Undoes { get; init; }

    /// <summary>Name of the operation, signal or state; empty where it has no meaning.</summary>
    public string Name { get; init; } = "";

    /// <summary>"File.cs:12" of the call, or null when unknown.</summary>
    public string? Source { get; init; }

    /// <summary>When something is due because of this event, or <see cref="Instant.Never"/>.</summary>
    public Instant Due { get; init; } = Instant.Never;

    /// <summary>A short text: message id, reason, strategy. Null for none.</summary>
    public string? Note { get; init; }

    /// <summary>Of an operation that a pipeline's step asked for under another name than its own: the step's name. Null for all others.</summary>
    public string? Place { get; init; }

    /// <summary>The payload, JSON in UTF-8; may be empty.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }
}
