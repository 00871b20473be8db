namespace Perdure.Files.Inbox;

/// <summary>What the owner answers to a <see cref="Request"/>: the member that fits it, or a fault.</summary>
internal sealed record Answer
{
    public KeyBlock? Keys { get; init; }

    public IReadOnlyList<BirthOutcome>? Births { get; init; }

    public SignalledStart? SignalledStart { get; init; }

    public IReadOnlyList<PostOutcome>? Posts { get; init; }

    public PostOutcome? Reopened { get; init; }

    public IReadOnlyList<DeleteVerdict>? Deleted { get; init; }

    public PurgeAnswer? Purged { get; init; }

    public RunRecord? Run { get; init; }

    public RunPage? Page { get; init; }

    public IReadOnlyDictionary<RunStatus, int>? Counts { get; init; }

    public IReadOnlyList<RunSummaryRecord>? Chain { get; init; }

    public IReadOnlyList<WorkflowCount>? Workflows { get; init; }

    /// <summary>In base64.</summary>
    public string? Kept { get; init; }

    public AnswerOutcome? Answered { get; init; }

    public RequestPage? Requests { get; init; }

    public QueueRecord? Queue { get; init; }

    public IReadOnlyList<QueueRecord>? Queues { get; init; }

    public IReadOnlyList<QueuedTask>? Tasks { get; init; }

    public IReadOnlyList<bool>? Withdrawn { get; init; }

    /// <summary>Null also if there is no such worker.</summary>
    public WorkerRecord? Worker { get; init; }

    public IReadOnlyList<WorkerRecord>? Workers { get; init; }

    public IReadOnlyList<TaskRecord>? RunTasks { get; init; }

    public IReadOnlyList<EventBatch>? History { get; init; }

    public StoreFault? Fault { get; init; }

    /// <summary>What goes with the fault.</summary>
    public string? Message { get; init; }
}
