namespace Perdure.Storage;

/// <summary>An attempt of an activity, to be put on its queue. At most one task exists per (run, operation).</summary>
public sealed record NewTask
{
    /// <summary>Operation of the run.</summary>
    public required int Operation { get; init; }

    /// <summary>Name of the activity.</summary>
    public required string Activity { get; init; }

    /// <summary>Queue.</summary>
    public required string Queue { get; init; }

    /// <summary>Higher is taken first.</summary>
    public int Priority { get; init; }

    /// <summary>Not taken before.</summary>
    public required Instant DueAt { get; init; }

    /// <summary>Unless taken until then, it expires without being executed.</summary>
    public Instant StartDeadline { get; init; } = Instant.Never;

    /// <summary>No attempt may last longer than until then.</summary>
    public Instant CloseDeadline { get; init; } = Instant.Never;

    /// <summary>What a limit of its queue for each key counts it under, or null.</summary>
    public string? ConcurrencyKey { get; init; }

    /// <summary>Attempt numbers that are used up; the next claim takes the one behind.</summary>
    public int AttemptsUsed { get; init; }

    /// <summary>
    /// Tokens that are used up; the next claim takes the one behind. It rises from task to task of one operation by more than a task is ever claimed, so that a late
    /// report of an attempt fits none of a later task.
    /// </summary>
    public long TokensUsed { get; init; }

    /// <summary>Input, JSON.</summary>
    public required ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>Timeouts and the like, JSON; read by the engine only.</summary>
    public ReadOnlyMemory<byte> Options { get; init; }

    /// <summary>Heartbeat details of the attempt before, JSON; empty for none.</summary>
    public ReadOnlyMemory<byte> Details { get; init; }

    /// <summary>Whether the group's worker takes it at once, with the first of its tokens.</summary>
    public bool Claimed { get; init; }

    /// <summary>
    /// Goes to the run's own inbox instead of the task, if no worker that is alive has registered the activity. Null for a task that is stored in any case, because its
    /// writer has code for it.
    /// </summary>
    public OutgoingMessage? IfUnknown { get; init; }
}

/// <summary>One attempt of a task, named by its token: a late result of an older attempt does not fit.</summary>
/// <param name="Run">Key of the run.</param>
/// <param name="Operation">Operation of the run.</param>
/// <param name="Token">Rises with every claim, from <see cref="NewTask.TokensUsed"/> + 1. One operation never has a token twice, whatever tasks it has one after another.</param>
public readonly record struct TaskAttempt(long Run, int Operation, long Token);

/// <summary>Which of the tasks of a queue that are due and that nobody has.</summary>
/// <param name="Queue">Name of the queue.</param>
public sealed record TaskQuery(string Queue)
{
    /// <summary>At most this many.</summary>
    public int Limit { get; init; } = 500;

    /// <summary>Continue behind this task in the order of the list (run descending, then operation descending); null from the first.</summary>
    public TaskAttempt? After { get; init; }
}

/// <summary>A task that waits on its queue.</summary>
/// <param name="Last">Run, operation and the last token that is used up: with this it can be withdrawn, as long as nobody takes it.</param>
/// <param name="Activity">Name of the activity.</param>
public sealed record QueuedTask(TaskAttempt Last, string Activity);

/// <summary>A worker's wish for tasks.</summary>
/// <param name="Stamp">Control lane and attempt number.</param>
/// <param name="Slots">Queues that it serves, with free slots.</param>
/// <param name="Suspects">At most this many tasks, over all queues, whose attempts lost their worker twice or more in a row. What has expired does not count: it is not executed.</param>
/// <param name="Activities">Activities that it has code for; others are left to those who have. Null for all. What has expired comes whatever it is.</param>
public sealed record TaskClaim(LaneStamp Stamp, IReadOnlyList<QueueSlots> Slots, int Suspects, IReadOnlyList<string>? Activities = null);

/// <summary>Free slots of a queue.</summary>
/// <param name="Queue">Name.</param>
/// <param name="Free">How many tasks the worker can take.</param>
public readonly record struct QueueSlots(string Queue, int Free);

/// <summary>Answer to a task claim.</summary>
/// <param name="Fenced">The worker's control lane is dead; nothing was claimed.</param>
/// <param name="Tasks">The claimed tasks.</param>
/// <param name="NextDue">When the next unowned task of these queues and activities is due (or expires), or never. A queue without a free slot left, or paused, counts only what expires; what a limit of its queue holds back counts as due in a second. Tasks that lost their worker twice or more do not count once the claim holds as many of them as it may.</param>
/// <param name="Now">The store's clock.</param>
public sealed record ClaimedTasks(bool Fenced, IReadOnlyList<ClaimedTask> Tasks, Instant NextDue, Instant Now)
{
    /// <summary>What operators have ordered of the worker. While it is paused nothing is claimed, and nothing counts as due. A claim that is read again does not tell.</summary>
    public WorkerOrders Orders { get; init; }
}

/// <summary>A claimed task.</summary>
public sealed record ClaimedTask
{
    /// <summary>Run, operation and the token of this attempt.</summary>
    public required TaskAttempt Attempt { get; init; }

    /// <summary>Public id of the run.</summary>
    public required string RunId { get; init; }

    /// <summary>Number of the attempt, from 1, as its body sees it.</summary>
    public required int Number { get; init; }

    /// <summary>Name of the activity.</summary>
    public required string Activity { get; init; }

    /// <summary>Queue.</summary>
    public required string Queue { get; init; }

    /// <summary>Input, JSON.</summary>
    public required ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>Timeouts and the like, JSON.</summary>
    public ReadOnlyMemory<byte> Options { get; init; }

    /// <summary>Heartbeat details of the attempt before, JSON.</summary>
    public ReadOnlyMemory<byte> Details { get; init; }

    /// <summary>No attempt may last longer than until then.</summary>
    public Instant CloseDeadline { get; init; } = Instant.Never;

    /// <summary>It waited too long and must be ended as timed out without being executed.</summary>
    public bool Expired { get; init; }

    /// <summary>Whether the attempt takes a slot under a limit of its queue.</summary>
    public bool HoldsSlot { get; init; }

    /// <summary>Attempts in a row that ended because their worker was lost.</summary>
    public int Crashes { get; init; }
}

/// <summary>A finished attempt.</summary>
/// <param name="Attempt">Which.</param>
/// <param name="Result">Message for the run. It is dropped when the run has ended.</param>
public sealed record TaskCompletion(TaskAttempt Attempt, OutgoingMessage Result);

/// <summary>Answer to completed tasks.</summary>
/// <param name="Fenced">The worker's control lane is dead; nothing was written.</param>
/// <param name="Accepted">For each item, whether its token was current.</param>
public sealed record TaskReport(bool Fenced, IReadOnlyList<bool> Accepted);

/// <summary>Heartbeat of an attempt.</summary>
/// <param name="Attempt">Which.</param>
/// <param name="Details">Details, JSON; empty leaves what is stored.</param>
public sealed record TaskBeat(TaskAttempt Attempt, ReadOnlyMemory<byte> Details);

/// <summary>Answer to heartbeats.</summary>
/// <param name="Stop">Attempts of the worker that shall stop: cancelled, or no longer its own.</param>
public sealed record TaskPulse(IReadOnlyList<TaskAttempt> Stop);
