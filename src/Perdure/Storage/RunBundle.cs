namespace Perdure.Storage;

/// <summary>
/// Everything that one group does to one run. It is written whole or not at all, and a group may hold one bundle of a run at most.
/// </summary>
public sealed class RunBundle
{
    /// <summary>Key of the run.</summary>
    public required long Run { get; init; }

    /// <summary>The ownership term under which the owner writes; with the worker it names one ownership. 1 for a birth that is owned at once.</summary>
    public int Term { get; init; }

    /// <summary>
    /// The run to create. With <see cref="Owned"/> it belongs to the group's worker at once and the rest of the bundle may follow it; without, the bundle
    /// holds nothing else.
    /// </summary>
    public RunBirth? Birth { get; init; }

    /// <summary>Whether a birth is owned by the group's worker from the start.</summary>
    public bool Owned { get; init; }

    /// <summary>How many events are confirmed; the first new one has this sequence (behind the birth's own events).</summary>
    public int BaseSequence { get; init; }

    /// <summary>New events, or a batch of none.</summary>
    public EventBatch Events { get; init; }

    /// <summary>The changed row, or null when the bundle only appends events (then only the lane and the unique sequence guard it).</summary>
    public RunRowUpdate? Row { get; init; }

    /// <summary>The inbox value up to which the owner has read.</summary>
    public long Seen { get; init; }

    /// <summary>Whether an unread message refuses the bundle (it contains a message that came directly, and those in the inbox were first).</summary>
    public bool RequireSeen { get; init; }

    /// <summary>The bundle is refused before this instant of the store's clock (a timer fires in it). <see cref="Instant.Earliest"/> for none.</summary>
    public Instant NotBefore { get; init; } = Instant.Earliest;

    /// <summary>Positions of messages that became events and are removed.</summary>
    public IReadOnlyList<long> Consumed { get; init; } = [];

    /// <summary>How many signals fewer are pending than the row knows of: <see cref="RunRecord.Signals"/> falls by it. Less than 0 when signals came directly and nobody has taken them yet.</summary>
    public int SignalsTaken { get; init; }

    /// <summary>Tasks to create.</summary>
    public IReadOnlyList<NewTask> NewTasks { get; init; } = [];

    /// <summary>Attempts of the group's worker that ended with an event of this bundle. A stale token refuses the bundle.</summary>
    public IReadOnlyList<TaskAttempt> EndedTasks { get; init; } = [];

    /// <summary>Operations whose tasks shall be cancelled: a queued one is removed (and named in the answer), a claimed one is told to stop. One that is gone without a result is named as well.</summary>
    public IReadOnlyList<int> CancelTasks { get; init; } = [];

    /// <summary>All of the run's data, JSON object, empty for none; null leaves what is stored. Written whether the run closes or not.</summary>
    public ReadOnlyMemory<byte>? Data { get; init; }

    /// <summary>
    /// Runs that this one starts. They are created after everything else in the group, and whether or not the run closes in it; not at all when the run's own birth
    /// found its key or id taken.
    /// </summary>
    public IReadOnlyList<ChildBirth> Children { get; init; } = [];

    /// <summary>Messages to other runs, put into their inboxes after all children of the group were created. A target that has ended, or does not exist, is no error.</summary>
    public IReadOnlyList<OutgoingMessage> Messages { get; init; } = [];

    /// <summary>What happens to the run's requests, or null for nothing. With a close that happens, all that are pending are withdrawn behind it.</summary>
    public RequestChanges? Requests { get; init; }

    /// <summary>The end of the run; soft: it happens only if no message is unread.</summary>
    public RunClose? Close { get; init; }

    /// <summary>Gives the run back; soft: it happens only if no message is unread. The row update says when it is due.</summary>
    public bool Release { get; init; }
}

/// <summary>The parts of a run's row that its owner changes. Written together.</summary>
public sealed record RunRowUpdate
{
    /// <summary>New status, not terminal.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>New phase.</summary>
    public RunPhase Phase { get; init; }

    /// <summary>What the run needs if nobody owned it: now (the past) while it has work, else its earliest timer, retry or deadline, else never.</summary>
    public required Instant DueAt { get; init; }

    /// <summary>What a suspended or blocked run waits for, JSON for people and clients; null for nothing.</summary>
    public ReadOnlyMemory<byte>? Waiting { get; init; }

    /// <summary>All published state, JSON object; null leaves what is stored.</summary>
    public ReadOnlyMemory<byte>? Published { get; init; }

    /// <summary>Whether the run made progress, so that its losses in a row are forgotten.</summary>
    public bool ClearCrashes { get; init; }
}

/// <summary>The end of a run.</summary>
public sealed record RunClose
{
    /// <summary>Terminal status.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>The terminal event; written behind <see cref="RunBundle.Events"/> if the close happens.</summary>
    public required EventBatch Event { get; init; }

    /// <summary>Result, JSON; empty unless Completed.</summary>
    public ReadOnlyMemory<byte> Result { get; init; }

    /// <summary>Failure, JSON; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Failure { get; init; }

    /// <summary>When it ended.</summary>
    public required Instant At { get; init; }

    /// <summary>All published state at the end, JSON object; null leaves what is stored.</summary>
    public ReadOnlyMemory<byte>? Published { get; init; }

    /// <summary>Whether queued activities still run; their results are dropped.</summary>
    public bool KeepQueued { get; init; }

    /// <summary>
    /// The run that goes on in this one's place, created unowned if the close happens. It takes over the start key and the place in the tree, live children included, and
    /// messages to this run reach it from then on. Asks for no key or id of its own.
    /// </summary>
    public RunBirth? Successor { get; init; }

    /// <summary>Requests whose rows go to <see cref="Successor"/> if the close happens, and keep the answers that they have; one that takes more is pending there, one whose time is up stays so. Only in a bundle with <see cref="RunBundle.Requests"/>, which lets the end withdraw all others.</summary>
    public IReadOnlyList<RequestMove> Moved { get; init; } = [];

    /// <summary>Messages that are sent only if the close happens, after those of <see cref="RunBundle.Messages"/>.</summary>
    public IReadOnlyList<OutgoingMessage> Messages { get; init; } = [];
}
