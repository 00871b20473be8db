using Perdure.Storage.Memory;

namespace Perdure.Files.Rows;

/// <summary>The parts of a run that change.</summary>
internal sealed record RunState
{
    public RunStatus Status { get; init; }

    public RunPhase Phase { get; init; }

    /// <summary>The worker that owns the run, or 0.</summary>
    public long Owner { get; init; }

    public int Term { get; init; }

    public long Claim { get; init; }

    public Instant DueAt { get; init; }

    /// <summary>Whether it was put aside for those who have its code.</summary>
    public bool IsAside { get; init; }

    /// <summary>Whether its owner holds it under a limit of its queue.</summary>
    public bool HoldsSlot { get; init; }

    /// <summary>Until when it must be taken, if that is not as it was started; null if it is.</summary>
    public Instant? StartDeadline { get; init; }

    public int Crashes { get; init; }

    public int Losses { get; init; }

    public Instant UpdatedAt { get; init; }

    public Instant ClosedAt { get; init; }

    /// <summary>How many events there were when the row was written; there may be more, but never fewer.</summary>
    public int Events { get; init; }

    /// <summary>How many messages ever arrived.</summary>
    public long Inbox { get; init; }

    /// <summary>Signals that nobody has taken, as far as the row knows.</summary>
    public int Signals { get; init; }

    /// <summary>What it is to its parent; null for a run that is no child.</summary>
    public FamilyTie? Tie { get; init; }

    /// <summary>Its place among runs that went on in each other's place; null for one that stands alone.</summary>
    public ChainLink? Chain { get; init; }

    /// <summary>The start key that leads, or has led, to it.</summary>
    public string? StartKey { get; init; }

    public ReadOnlyMemory<byte> Waiting { get; init; }

    public ReadOnlyMemory<byte> Published { get; init; }

    public ReadOnlyMemory<byte> Data { get; init; }

    public ReadOnlyMemory<byte> Result { get; init; }

    public ReadOnlyMemory<byte> Failure { get; init; }

    /// <summary>Unread messages.</summary>
    public IReadOnlyList<MessageDocument> Messages { get; init; } = [];

    /// <summary>Queued and running activities.</summary>
    public IReadOnlyList<TaskDocument> Tasks { get; init; } = [];

    /// <summary>Hooks, and questions to people.</summary>
    public IReadOnlyList<RequestDocument> Requests { get; init; } = [];

    public static RunState Of(RunRow row) => new()
    {
        Status = row.Status, Phase = row.Phase, Owner = row.Owner, Term = row.Term, Claim = row.Claim, DueAt = row.DueAt, Crashes = row.Crashes,
        IsAside = row.IsAside, HoldsSlot = row.HoldsSlot, StartDeadline = row.StartDeadline == row.Birth.StartDeadline ? null : row.StartDeadline,
        Losses = row.Losses, UpdatedAt = row.UpdatedAt, ClosedAt = row.ClosedAt, Events = row.Events, Inbox = row.Inbox.Counter, Signals = row.Signals, Tie = row.Tie, Chain = row.Chain, StartKey = row.StartKey,
        Waiting = row.Waiting, Published = row.Published, Data = row.Data, Result = row.Result, Failure = row.Failure,
        Messages = [.. row.Inbox.Entries().Select(static entry => new MessageDocument(entry.Message, entry.Operation))],
        Tasks = row.Tasks is { } tasks ? [.. tasks.Values.Select(TaskDocument.Of)] : [],
        Requests = row.Requests is { } requests ? [.. requests.Values.Select(RequestDocument.Of)] : [],
    };

    public RunRow ToRow(RunBirth birth)
    {
        var row = new RunRow(birth, UpdatedAt)
        {
            Status = Status, Phase = Phase, Owner = Owner, Term = Term, Claim = Claim, DueAt = DueAt, Crashes = Crashes, Losses = Losses, UpdatedAt = UpdatedAt,
            ClosedAt = ClosedAt, Events = Events, Signals = Signals, Tie = Tie, Waiting = Waiting, Published = Published, Data = Data, Result = Result, Failure = Failure,
        };
        (row.IsAside, row.HoldsSlot) = (IsAside, HoldsSlot);
        // A document of an older version knows of no such deadline.
        row.StartDeadline = StartDeadline ?? (birth.StartDeadline == default ? Instant.Never : birth.StartDeadline);
        row.StartKey = StartKey ?? birth.StartKey;
        foreach (var request in Requests) (row.Requests ??= [])[request.Request.Operation] = request.ToRow();
        row.Inbox.Restore(Inbox, Messages.Select(static stored => (stored.Message, stored.Operation)));
        return row;
    }
}
