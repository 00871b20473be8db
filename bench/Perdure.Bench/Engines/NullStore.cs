using Perdure.Storage;

namespace Perdure.Bench.Engines;

/// <summary>
/// A store that acknowledges every group at once and keeps nothing. Runs that are born and end in one process need nothing else of it; all
/// that would have to be read back is refused. Thread safe.
/// </summary>
internal sealed class NullStore : IPerdureStore
{
    private long _keys;
    private long _groups;
    private long _events;

    public string Name => "null";

    public IWakeups Wakeups { get; } = new LocalWakeups();

    /// <summary>Groups that were acknowledged.</summary>
    public long Groups => Volatile.Read(ref _groups);

    /// <summary>Events in them.</summary>
    public long Events => Volatile.Read(ref _events);

    private static Instant Now => Instant.From(DateTimeOffset.UtcNow);

    public Task InitializeAsync(bool migrate, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<WorkerGrant> RegisterWorkerAsync(WorkerRegistration registration, CancellationToken cancellationToken) =>
        Task.FromResult(new WorkerGrant(1, Now));

    public Task<LeaseGrant> RenewAsync(long worker, CancellationToken cancellationToken) => Task.FromResult(new LeaseGrant(true, Now));

    public Task<FenceReport> FenceDeadWorkersAsync(int batch, CancellationToken cancellationToken) =>
        Task.FromResult(new FenceReport(0, 0, 0));

    public Task RetireWorkerAsync(long worker, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<WorkerRecord?> ChangeWorkerAsync(WorkerChange change, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<IReadOnlyList<WorkerRecord>> ListWorkersAsync(CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<KeyBlock> ReserveKeysAsync(int count, CancellationToken cancellationToken) =>
        Task.FromResult(new KeyBlock(Interlocked.Add(ref _keys, count) - count + 1, count, Now));

    public Task<GroupOutcome> CommitGroupAsync(RunGroup group, CancellationToken cancellationToken)
    {
        var outcomes = new BundleOutcome[group.Bundles.Count];
        long events = 0;
        for (var i = 0; i < outcomes.Length; i++)
        {
            var bundle = group.Bundles[i];
            events += bundle.Events.Count + (bundle.Birth?.Events.Count ?? 0) + (bundle.Close?.Event.Count ?? 0);
            outcomes[i] = new BundleOutcome
            {
                Birth = bundle.Birth is { } birth ? new(BirthVerdict.Created, birth.Key, birth.Id, RunStatus.Running) : default,
                Inbox = bundle.Row is null && bundle.Close is null && bundle.Birth is null ? BundleOutcome.InboxUnknown : bundle.Seen,
                Closed = bundle.Close is not null,
                Released = bundle.Release,
            };
        }
        Interlocked.Increment(ref _groups);
        Interlocked.Add(ref _events, events);
        return Task.FromResult(new GroupOutcome(GroupVerdict.Committed, outcomes, [], Now));
    }

    public Task<bool> ResolveAsync(long worker, int lane, long number, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<ClaimedRuns> ClaimRunsAsync(RunClaim claim, CancellationToken cancellationToken) =>
        Task.FromResult(new ClaimedRuns(false, [], Instant.Never, Now));

    public Task<ClaimedTasks> ClaimTasksAsync(TaskClaim claim, CancellationToken cancellationToken) =>
        Task.FromResult(new ClaimedTasks(false, [], Instant.Never, Now));

    public Task<IReadOnlyList<Inbox>> ReadMessagesAsync(long worker, IReadOnlyList<long>? runs, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Inbox>>([]);

    public Task<TaskPulse> BeatTasksAsync(long worker, IReadOnlyList<TaskBeat> beats, CancellationToken cancellationToken) =>
        Task.FromResult(new TaskPulse([]));

    public Task<GroupOutcome> RecallGroupAsync(RunGroup group, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<IReadOnlyList<BirthOutcome>> StartRunsAsync(IReadOnlyList<RunBirth> births, CancellationToken cancellationToken) =>
        throw KeepsNothing();

    public Task<SignalledStart> StartWithSignalAsync(RunBirth birth, OutgoingMessage signal, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<IReadOnlyList<PostOutcome>> PostMessagesAsync(
        IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<AnswerOutcome> AnswerRequestAsync(RequestAnswer answer, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<RequestPage> ListRequestsAsync(RequestQuery query, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<ReadOnlyMemory<byte>> KeepAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) => Task.FromResult(value);

    public Task<PostOutcome> ReopenRunAsync(OutgoingMessage message, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<IReadOnlyList<DeleteVerdict>> DeleteRunsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        throw KeepsNothing();

    public Task<PurgedRuns> PurgeRunsAsync(RunPurge purge, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<QueueRecord> ChangeQueueAsync(QueueChange change, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<IReadOnlyList<QueueRecord>> ListQueuesAsync(string? name, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<int> ForgetKeysAsync(int limit, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<bool> TakeTurnAsync(string work, TimeSpan every, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<ClaimedRuns> RecallRunClaimAsync(long worker, long number, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<ClaimedTasks> RecallTaskClaimAsync(long worker, long number, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<TaskReport> CompleteTasksAsync(
        LaneStamp stamp, IReadOnlyList<TaskCompletion> completions, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<IReadOnlyList<QueuedTask>> ListTasksAsync(TaskQuery query, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<IReadOnlyList<bool>> WithdrawTasksAsync(IReadOnlyList<TaskCompletion> withdrawals, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<RunRecord?> ReadRunAsync(RunSelector selector, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<IReadOnlyList<TaskRecord>> ReadTasksAsync(long run, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<RunPage> ListRunsAsync(RunQuery query, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<IReadOnlyList<RunSummaryRecord>> ReadChainAsync(string id, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<IReadOnlyDictionary<RunStatus, int>> CountRunsAsync(RunQuery query, CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<IReadOnlyList<WorkflowCount>> CountWorkflowsAsync(CancellationToken cancellationToken) => throw KeepsNothing();

    public Task<IReadOnlyList<EventBatch>> ReadHistoryAsync(long run, int fromSequence, CancellationToken cancellationToken) =>
        throw KeepsNothing();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static NotSupportedException KeepsNothing() =>
        new("The null store keeps nothing; only work that never reads back can be measured on it.");
}
