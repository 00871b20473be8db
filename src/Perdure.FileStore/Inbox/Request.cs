namespace Perdure.Files.Inbox;

/// <summary>A store call of another process. Exactly one member is set.</summary>
internal sealed record Request
{
    public int? ReserveKeys { get; init; }

    public IReadOnlyList<RunBirth>? Start { get; init; }

    public SignalledStartRequest? StartWithSignal { get; init; }

    public IReadOnlyList<OutgoingMessage>? Post { get; init; }

    public OutgoingMessage? Reopen { get; init; }

    public IReadOnlyList<string>? Delete { get; init; }

    public RunPurge? Purge { get; init; }

    public RunSelector? Read { get; init; }

    public RunQuery? List { get; init; }

    public RunQuery? Count { get; init; }

    public string? Chain { get; init; }

    public bool? CountWorkflows { get; init; }

    public KeepRequest? Keep { get; init; }

    public RequestAnswer? AnswerRequest { get; init; }

    public RequestListRequest? ListRequests { get; init; }

    public QueueChange? ChangeQueue { get; init; }

    public QueueListRequest? ListQueues { get; init; }

    public TaskQuery? ListTasks { get; init; }

    public IReadOnlyList<TaskCompletion>? WithdrawTasks { get; init; }

    public WorkerChange? ChangeWorker { get; init; }

    public bool? ListWorkers { get; init; }

    public long? ReadTasks { get; init; }

    public HistoryRequest? History { get; init; }

    /// <summary>The folder, in full, that a copy of the store is written to.</summary>
    public string? BackUp { get; init; }
}
