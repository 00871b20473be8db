namespace Perdure.Storage.Memory;

/// <summary>
/// A store in the memory of one process, and the readable model of what every store must do. Nothing survives the process: for tests,
/// simulation and trying things out.
/// </summary>
/// <remarks>
/// Thread safe. One lock makes every command one transaction; a command checks everything before it changes anything, so it happens whole
/// or not at all. Every call has completed when it returns. The store's clock is the given <see cref="TimeProvider"/>. The commands
/// themselves are in the classes beside this one, one for each concept.
/// </remarks>
public sealed class MemoryStore : IPerdureStore
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly WorkerTable _workers;
    private readonly RunTable _runs;
    private readonly TaskTable _taskTable;
    private readonly WorkerCommands _workerCommands;
    private readonly BirthCommands _births;
    private readonly GroupCommands _groups;
    private readonly MessageCommands _messages;
    private readonly SignalledStartCommands _signalledStarts;
    private readonly PurgeCommands _purges;
    private readonly QueueTable _queues;
    private readonly QueueCommands _queueCommands;
    private readonly TurnTable _turns;
    private readonly RequestTable _requests;
    private readonly RequestCommands _requestCommands;
    private readonly KeptTable _kept;
    private readonly RunClaimCommands _runClaims;
    private readonly TaskCommands _tasks;
    private readonly WithdrawalCommands _withdrawals;
    private readonly ReadCommands _reads;

    /// <summary>Creates an empty store.</summary>
    /// <param name="clock">The store's clock.</param>
    public MemoryStore(TimeProvider clock) : this(clock, watch: null) { }

    /// <summary>Creates the working state of a store that keeps a copy of each row elsewhere.</summary>
    internal MemoryStore(TimeProvider clock, RowWatch? watch)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        _workers = new WorkerTable(watch);
        _queues = new QueueTable(watch);
        _runs = new RunTable(_workers, Slots, watch);
        _turns = new TurnTable(watch);
        _taskTable = new TaskTable(_runs, _workers, Slots);
        var tasks = _taskTable;
        _workerCommands = new WorkerCommands(_workers, _runs, tasks);
        _births = new BirthCommands(_runs);
        _messages = new MessageCommands(_runs, tasks);
        _signalledStarts = new SignalledStartCommands(_runs, _births, _messages);
        _groups = new GroupCommands(_workers, _runs, tasks, _queues, _births, new SequelCommands(_runs, _births, _messages));
        _purges = new PurgeCommands(_runs, tasks);
        _requestCommands = new RequestCommands(_runs, _messages);
        _requests = new RequestTable(_runs);
        _kept = new KeptTable(watch);
        _runClaims = new RunClaimCommands(_workers, _runs, _queues, Slots);
        _tasks = new TaskCommands(_workers, tasks, _queues, Slots, _messages);
        _withdrawals = new WithdrawalCommands(tasks, _messages);
        _queueCommands = new QueueCommands(_queues, _workers, _runs, tasks);
        _reads = new ReadCommands(_runs);
    }

    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public IWakeups Wakeups { get; } = new LocalWakeups();

    /// <summary>The store's clock, its workers and its runs, for a simulator to look at.</summary>
    internal TimeProvider Clock => _clock;

    internal WorkerTable Workers => _workers;

    internal RunTable Runs => _runs;

    internal TaskTable Tasks => _taskTable;

    internal TurnTable Turns => _turns;

    internal KeptTable Kept => _kept;

    internal QueueTable Queues => _queues;

    internal SlotTable Slots { get; } = new();

    private Instant Now => Instant.From(_clock.GetUtcNow());

    /// <summary>Does nothing: an empty memory is ready.</summary>
    public Task InitializeAsync(bool migrate, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<WorkerGrant> RegisterWorkerAsync(WorkerRegistration registration, CancellationToken cancellationToken) =>
        Execute(registration, static (store, registration, now) =>
        {
            var row = store._workers.Register(registration, now);
            return new WorkerGrant(row.Key, now) { Orders = row.Orders };
        }, cancellationToken);

    /// <inheritdoc/>
    public Task<LeaseGrant> RenewAsync(long worker, CancellationToken cancellationToken) =>
        Execute(worker, static (store, worker, now) => store._workers.Renew(worker, now), cancellationToken);

    /// <inheritdoc/>
    public Task<FenceReport> FenceDeadWorkersAsync(int batch, CancellationToken cancellationToken) =>
        Execute(batch, static (store, batch, now) => store._workerCommands.FenceDead(batch, now), cancellationToken);

    /// <inheritdoc/>
    public Task RetireWorkerAsync(long worker, CancellationToken cancellationToken) =>
        Execute(worker, static (store, worker, now) => store._workerCommands.Retire(worker, now), cancellationToken);

    /// <inheritdoc/>
    public Task<WorkerRecord?> ChangeWorkerAsync(WorkerChange change, CancellationToken cancellationToken) =>
        Execute(change, static (store, change, now) => store._workerCommands.Change(change, now), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkerRecord>> ListWorkersAsync(CancellationToken cancellationToken) =>
        Execute(0, static (store, _, _) => store._workerCommands.List(), cancellationToken);

    /// <inheritdoc/>
    public Task<KeyBlock> ReserveKeysAsync(int count, CancellationToken cancellationToken) =>
        Execute(count, static (store, count, now) => new KeyBlock(store._runs.ReserveKeys(count), count, now), cancellationToken);

    /// <inheritdoc/>
    public Task<GroupOutcome> CommitGroupAsync(RunGroup group, CancellationToken cancellationToken) =>
        Execute(group, static (store, group, now) => store._groups.Commit(group, now), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ResolveAsync(long worker, int lane, long number, CancellationToken cancellationToken) =>
        Execute((worker, lane, number), static (store, attempt, _) => store._workers.Resolve(attempt.worker, attempt.lane, attempt.number),
            cancellationToken);

    /// <inheritdoc/>
    public Task<GroupOutcome> RecallGroupAsync(RunGroup group, CancellationToken cancellationToken) =>
        Execute(group, static (store, group, now) => store._groups.Recall(group, now), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<BirthOutcome>> StartRunsAsync(IReadOnlyList<RunBirth> births, CancellationToken cancellationToken) =>
        Execute(births, static (store, births, now) => store._births.Start(births, now), cancellationToken);

    /// <inheritdoc/>
    public Task<SignalledStart> StartWithSignalAsync(RunBirth birth, OutgoingMessage signal, CancellationToken cancellationToken) =>
        Execute((birth, signal), static (store, asked, now) => store._signalledStarts.Start(asked.birth, asked.signal, now), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PostOutcome>> PostMessagesAsync(
        IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken) =>
        Execute(messages, static (store, messages, now) => store._messages.Post(messages, now), cancellationToken);

    /// <inheritdoc/>
    public Task<AnswerOutcome> AnswerRequestAsync(RequestAnswer answer, CancellationToken cancellationToken) =>
        Execute(answer, static (store, answer, now) => store._requestCommands.Answer(answer, now), cancellationToken);

    /// <inheritdoc/>
    public Task<RequestPage> ListRequestsAsync(RequestQuery query, CancellationToken cancellationToken) =>
        Execute(query, static (store, query, now) => store._requests.List(query, now), cancellationToken);

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> KeepAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        Execute((name, value), static (store, kept, _) => store._kept.Keep(kept.name, kept.value), cancellationToken);

    /// <inheritdoc/>
    public Task<PostOutcome> ReopenRunAsync(OutgoingMessage message, CancellationToken cancellationToken) =>
        Execute(message, static (store, message, now) => store._messages.Reopen(message, now), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeleteVerdict>> DeleteRunsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        Execute(ids, static (store, ids, now) => store._messages.Delete(ids, now), cancellationToken);

    /// <inheritdoc/>
    public Task<PurgedRuns> PurgeRunsAsync(RunPurge purge, CancellationToken cancellationToken) =>
        Execute(purge, static (store, purge, now) => store._purges.Purge(purge, now), cancellationToken);

    /// <inheritdoc/>
    public Task<int> ForgetKeysAsync(int limit, CancellationToken cancellationToken) =>
        Execute(limit, static (store, limit, now) => store._purges.ForgetKeys(limit, now), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TakeTurnAsync(string work, TimeSpan every, CancellationToken cancellationToken) =>
        Execute((work, every), static (store, turn, now) => store._turns.Take(turn.work, turn.every, now), cancellationToken);

    /// <inheritdoc/>
    public Task<ClaimedRuns> ClaimRunsAsync(RunClaim claim, CancellationToken cancellationToken) =>
        Execute(claim, static (store, claim, now) => store._runClaims.Claim(claim, now), cancellationToken);

    /// <inheritdoc/>
    public Task<ClaimedRuns> RecallRunClaimAsync(long worker, long number, CancellationToken cancellationToken) =>
        Execute((worker, number), static (store, claim, now) => store._runClaims.Recall(claim.worker, claim.number, now),
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Inbox>> ReadMessagesAsync(long worker, IReadOnlyList<long>? runs, CancellationToken cancellationToken) =>
        Execute((worker, runs), static (store, asked, _) => store._runClaims.ReadMessages(asked.worker, asked.runs), cancellationToken);

    /// <inheritdoc/>
    public Task<ClaimedTasks> ClaimTasksAsync(TaskClaim claim, CancellationToken cancellationToken) =>
        Execute(claim, static (store, claim, now) => store._tasks.Claim(claim, now), cancellationToken);

    /// <inheritdoc/>
    public Task<ClaimedTasks> RecallTaskClaimAsync(long worker, long number, CancellationToken cancellationToken) =>
        Execute((worker, number), static (store, claim, now) => store._tasks.Recall(claim.worker, claim.number, now), cancellationToken);

    /// <inheritdoc/>
    public Task<TaskReport> CompleteTasksAsync(
        LaneStamp stamp, IReadOnlyList<TaskCompletion> completions, CancellationToken cancellationToken) =>
        Execute((stamp, completions), static (store, ended, now) => store._tasks.Complete(ended.stamp, ended.completions, now),
            cancellationToken);

    /// <inheritdoc/>
    public Task<TaskPulse> BeatTasksAsync(long worker, IReadOnlyList<TaskBeat> beats, CancellationToken cancellationToken) =>
        Execute((worker, beats), static (store, pulse, _) => store._tasks.Beat(pulse.worker, pulse.beats), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<QueuedTask>> ListTasksAsync(TaskQuery query, CancellationToken cancellationToken) =>
        Execute(query, static (store, query, now) => store._withdrawals.List(query, now), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<bool>> WithdrawTasksAsync(IReadOnlyList<TaskCompletion> withdrawals, CancellationToken cancellationToken) =>
        Execute(withdrawals, static (store, withdrawals, now) => store._withdrawals.Withdraw(withdrawals, now), cancellationToken);

    /// <inheritdoc/>
    public Task<QueueRecord> ChangeQueueAsync(QueueChange change, CancellationToken cancellationToken) =>
        Execute(change, static (store, change, now) => store._queueCommands.Change(change, now), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<QueueRecord>> ListQueuesAsync(string? name, CancellationToken cancellationToken) =>
        Execute(name, static (store, name, now) => store._queueCommands.List(name, now), cancellationToken);

    /// <inheritdoc/>
    public Task<RunRecord?> ReadRunAsync(RunSelector selector, CancellationToken cancellationToken) =>
        Execute(selector, static (store, selector, now) => store._reads.Read(selector, now), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskRecord>> ReadTasksAsync(long run, CancellationToken cancellationToken) =>
        Execute(run, static (store, run, _) => TaskCommands.Read(store._runs.Find(run)), cancellationToken);

    /// <inheritdoc/>
    public Task<RunPage> ListRunsAsync(RunQuery query, CancellationToken cancellationToken) =>
        Execute(query, static (store, query, _) => store._reads.List(query), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunSummaryRecord>> ReadChainAsync(string id, CancellationToken cancellationToken) =>
        Execute(id, static (store, id, _) => store._reads.ReadChain(id), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<RunStatus, int>> CountRunsAsync(RunQuery query, CancellationToken cancellationToken) =>
        Execute(query, static (store, query, _) => store._reads.Count(query), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowCount>> CountWorkflowsAsync(CancellationToken cancellationToken) =>
        Execute(0, static (store, _, _) => store._reads.CountWorkflows(), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<EventBatch>> ReadHistoryAsync(long run, int fromSequence, CancellationToken cancellationToken) =>
        Execute((run, fromSequence), static (store, from, _) => store._reads.ReadHistory(from.run, from.fromSequence), cancellationToken);

    /// <summary>Does nothing: the data live as long as this object.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>One transaction: nothing else happens meanwhile, and one instant is its now.</summary>
    private Task<TAnswer> Execute<TInput, TAnswer>(
        TInput input, Func<MemoryStore, TInput, Instant, TAnswer> command, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<TAnswer>(cancellationToken);
        try
        {
            lock (_gate) return Task.FromResult(command(this, input, Now));
        }
        catch (Exception e) // a failure is the task's, as it would be in a store that takes its time
        {
            return Task.FromException<TAnswer>(e);
        }
    }
}
