namespace Perdure.Storage;

/// <summary>
/// A place where runs live. Each call is one transaction; no transaction stays open between calls, so a crash can only happen before a
/// call, after it, or with its answer lost. The in-memory store is the readable model of what every call must do.
/// </summary>
/// <remarks>
/// <para>All instants are the store's own clock. Every failure is a <see cref="StoreException"/>; a call that throws anything but
/// <see cref="StoreFault.Unknown"/> has changed nothing.</para>
/// <para>Thread safe. Two kinds of calls are never made at once by one worker: two for the same lane, and two for the control lane
/// (<see cref="ClaimRunsAsync"/>, <see cref="ClaimTasksAsync"/>, <see cref="CompleteTasksAsync"/>).</para>
/// </remarks>
public interface IPerdureStore : IAsyncDisposable
{
    /// <summary>Short name for messages and metrics: <c>memory</c>, <c>sqlite</c>.</summary>
    string Name { get; }

    /// <summary>Hints that something may have become due; may be lost, late or doubled.</summary>
    IWakeups Wakeups { get; }

    /// <summary>
    /// Whether a process creates or changes the schema when nobody has said whether it shall (<see cref="PerdureOptions.AutoMigrate"/>): true where the data are one machine's own. A store that
    /// many machines share says false, and is migrated unasked in the Development environment only.
    /// </summary>
    bool MigratesUnasked => true;

    /// <summary>Makes the store ready. With <paramref name="migrate"/> a missing or older schema is created or brought up to date, else it is an error.</summary>
    /// <remarks>
    /// A newer schema is an error unless it says that builds of this version may work on it; then it is used as it is. A build that works while a newer one migrates goes on if that says so; else
    /// no write of its worker passes from then on, and its next registration, or its next block of keys, is a <see cref="StoreFault.Schema"/>.
    /// </remarks>
    Task InitializeAsync(bool migrate, CancellationToken cancellationToken);

    // ---- workers -------------------------------------------------------------------------------------------------------------

    /// <summary>
    /// Registers a worker process with its lanes (0 … <see cref="WorkerRegistration.Lanes"/>; 0 is the control lane). Repeatable by id. What operators have ordered of the worker that the process
    /// was before holds for it, as long as that one is known: for a day after its death.
    /// </summary>
    Task<WorkerGrant> RegisterWorkerAsync(WorkerRegistration registration, CancellationToken cancellationToken);

    /// <summary>Prolongs a worker's lease. <see cref="LeaseGrant.Alive"/> is false when it has been marked dead: it must stop writing.</summary>
    Task<LeaseGrant> RenewAsync(long worker, CancellationToken cancellationToken);

    /// <summary>
    /// Marks workers dead whose lease has ended (or that the store knows to be gone), then frees what dead workers own: at most <paramref name="batch"/> runs
    /// and tasks a call. A freed run whose status is Running has lost its worker: <see cref="RunRecord.Crashes"/> and <see cref="RunRecord.Losses"/> rise, and it is due at once;
    /// from its second loss in a row on after 0.5 s, 1 s, 2 s, 4 s, 8 s, 8 s …, and at once again when <see cref="RunRecord.MaxCrashes"/> is reached. A freed task is
    /// due behind the same waits, also when it will be the last; its attempt number is used up, and <see cref="ClaimedTask.Crashes"/> rises.
    /// </summary>
    Task<FenceReport> FenceDeadWorkersAsync(int batch, CancellationToken cancellationToken);

    /// <summary>
    /// Marks the calling worker dead and frees what it still owns without counting a loss; the numbers of unfinished attempts are refunded. After it no write of that
    /// worker commits.
    /// </summary>
    Task RetireWorkerAsync(long worker, CancellationToken cancellationToken);

    /// <summary>
    /// Changes what operators have ordered of a worker, and answers with the worker as it is then; null if no worker of that key is alive. From the answer on a paused worker is given nothing by a claim.
    /// A change behind another revision than its sender has seen is not made: the answer tells the worker as it is.
    /// </summary>
    Task<WorkerRecord?> ChangeWorkerAsync(WorkerChange change, CancellationToken cancellationToken);

    /// <summary>The workers that nobody has marked dead, by key.</summary>
    Task<IReadOnlyList<WorkerRecord>> ListWorkersAsync(CancellationToken cancellationToken);

    /// <summary>Hands out <paramref name="count"/> consecutive run keys. A lost answer leaves a gap, nothing else.</summary>
    Task<KeyBlock> ReserveKeysAsync(int count, CancellationToken cancellationToken);

    // ---- the journal ---------------------------------------------------------------------------------------------------------

    /// <summary>Commits a group of bundles, or nothing of it.</summary>
    Task<GroupOutcome> CommitGroupAsync(RunGroup group, CancellationToken cancellationToken);

    /// <summary>
    /// Says whether attempt <paramref name="number"/> of a lane was committed, and makes sure that it never will be if it was not. Repeatable; the answer
    /// never changes.
    /// </summary>
    Task<bool> ResolveAsync(long worker, int lane, long number, CancellationToken cancellationToken);

    /// <summary>
    /// Reads from the rows what <see cref="CommitGroupAsync"/> would have answered for a group that is known to be committed, whatever has happened to its runs
    /// since: one that it closed may have been reopened, and claimed again by the same worker.
    /// </summary>
    Task<GroupOutcome> RecallGroupAsync(RunGroup group, CancellationToken cancellationToken);

    // ---- from outside --------------------------------------------------------------------------------------------------------

    /// <summary>Creates unowned runs. Repeatable by run id: a repeated start answers <see cref="BirthVerdict.Created"/> again.</summary>
    Task<IReadOnlyList<BirthOutcome>> StartRunsAsync(IReadOnlyList<RunBirth> births, CancellationToken cancellationToken);

    /// <summary>
    /// Sends a signal to the live run of the birth's workflow that holds its start key or chosen id, whatever that run's input is; without one, starts the run as
    /// <see cref="StartRunsAsync"/> does and sends the signal to the run that it answers with. All in one transaction. Repeatable by run id and message id.
    /// </summary>
    Task<SignalledStart> StartWithSignalAsync(RunBirth birth, OutgoingMessage signal, CancellationToken cancellationToken);

    /// <summary>
    /// Puts messages into inboxes. Repeatable by message id. A signal to a run with <see cref="PerdureDefaults.MaxPendingSignals"/> signals that nobody took is refused.
    /// What is sent to a run that was continued reaches the run that goes on in its place.
    /// </summary>
    Task<IReadOnlyList<PostOutcome>> PostMessagesAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken);

    /// <summary>
    /// Answers a request: if it takes answers, the message is put into its run's inbox, and the request has one answer more. Repeatable by message id. Of several answers at
    /// once those win that are taken first.
    /// </summary>
    Task<AnswerOutcome> AnswerRequestAsync(RequestAnswer answer, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps a value for the whole installation, or answers the one that somebody has kept under this name before: for ever the same for all.
    /// </summary>
    Task<ReadOnlyMemory<byte>> KeepAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken);

    /// <summary>
    /// Reopens a closed run (Failed, TimedOut, Cancelled or Terminated) by an operator's <see cref="MessageKind.Reopen"/> message: it becomes Pending, due now,
    /// and what belongs to the life that is over is removed: tasks that its end had let go on, and unread orders to stop (cancel, terminate), so that the same may
    /// be asked of the next life. Repeatable by message id, and by <see cref="OutgoingMessage.SeenEvents"/> also when the run has ended
    /// again since. Answers <see cref="PostVerdict.Closed"/> for a run in any other closed state, and <see cref="PostVerdict.ParentLive"/> for a child of a live run,
    /// which has heard of its end already; the engine's own runs, which keep schedules, are told of an end once, and go on without the second.
    /// </summary>
    Task<PostOutcome> ReopenRunAsync(OutgoingMessage message, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes closed runs with everything that belongs to them. A start key without a lifetime of its own is remembered for <see cref="PerdureDefaults.KeyTtl"/> from then on, and one
    /// that has one until that ends. A child of a live run stays, and so does a run with live children.
    /// </summary>
    Task<IReadOnlyList<DeleteVerdict>> DeleteRunsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes closed runs that are old enough, the oldest first, with everything that belongs to them; start keys are remembered as after <see cref="DeleteRunsAsync"/>. Age and status are judged again when a run is
    /// taken, so one that was reopened meanwhile stays. So do children of live runs, and runs with live children.
    /// </summary>
    Task<PurgedRuns> PurgeRunsAsync(RunPurge purge, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets start keys that have been free for an hour, the oldest first, at most <paramref name="limit"/>, and answers how many. They are kept for that hour so that a start
    /// whose answer was lost can be recalled.
    /// </summary>
    Task<int> ForgetKeysAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a turn at something that one process shall do now and then, whoever it is. False when somebody has taken it within the time <paramref name="every"/>. A lost
    /// answer loses the turn.
    /// </summary>
    Task<bool> TakeTurnAsync(string work, TimeSpan every, CancellationToken cancellationToken);

    // ---- claims --------------------------------------------------------------------------------------------------------------

    /// <summary>
    /// Takes due, unowned runs, highest priority first, then earliest due, then oldest key, with their histories and messages. A claimed run's status becomes
    /// Running (a blocked one stays Blocked), so that losing its worker before it was written to counts as a loss. Rules of queues hold over all workers: nothing is taken from a
    /// paused queue, and never more than its limits allow, whatever else is claimed at the same time. A run of any queue that was not taken until its
    /// <see cref="RunRecord.StartDeadline"/> comes past all that, and stays Pending: it is taken only to be ended.
    /// A run of a workflow and version that the worker has no code for, and that somebody else who is alive has, is passed over, and put aside: until it is taken, only those meet it
    /// who may take it. One that nobody alive has code for is taken. A worker that is paused is given nothing at all, and is told so.
    /// </summary>
    Task<ClaimedRuns> ClaimRunsAsync(RunClaim claim, CancellationToken cancellationToken);

    /// <summary>Reads again what claim <paramref name="number"/> took, after its answer was lost.</summary>
    Task<ClaimedRuns> RecallRunClaimAsync(long worker, long number, CancellationToken cancellationToken);

    /// <summary>Unread messages of runs that <paramref name="worker"/> owns: of <paramref name="runs"/>, or of all when null.</summary>
    Task<IReadOnlyList<Inbox>> ReadMessagesAsync(long worker, IReadOnlyList<long>? runs, CancellationToken cancellationToken);

    /// <summary>Takes due, unowned tasks of some queues and activities, and tasks of any queue whose waiting time has run out. A worker that is paused is given nothing at all, and is told so.</summary>
    Task<ClaimedTasks> ClaimTasksAsync(TaskClaim claim, CancellationToken cancellationToken);

    /// <summary>Reads again what task claim <paramref name="number"/> took, after its answer was lost.</summary>
    Task<ClaimedTasks> RecallTaskClaimAsync(long worker, long number, CancellationToken cancellationToken);

    /// <summary>Ends attempts: each task is removed and its result is posted to its run, unless the attempt's token is no longer the current one (false).</summary>
    Task<TaskReport> CompleteTasksAsync(LaneStamp stamp, IReadOnlyList<TaskCompletion> completions, CancellationToken cancellationToken);

    /// <summary>Stores heartbeat details of running attempts and answers which of the worker's attempts shall stop.</summary>
    Task<TaskPulse> BeatTasksAsync(long worker, IReadOnlyList<TaskBeat> beats, CancellationToken cancellationToken);

    // ---- queues --------------------------------------------------------------------------------------------------------------

    /// <summary>
    /// Changes what holds a queue back, for all workers, and answers with the queue as it is then. From the answer on nothing is taken that the rule forbids; what workers hold
    /// already they keep, and it counts. A change behind another revision than its sender has seen is not made: the answer tells the queue as it is, and its revision.
    /// </summary>
    Task<QueueRecord> ChangeQueueAsync(QueueChange change, CancellationToken cancellationToken);

    /// <summary>Queues that hold work or have a rule, by name; with <paramref name="name"/> that one only.</summary>
    Task<IReadOnlyList<QueueRecord>> ListQueuesAsync(string? name, CancellationToken cancellationToken);

    /// <summary>Tasks of a queue that are due and that nobody has, those of the newest runs first.</summary>
    Task<IReadOnlyList<QueuedTask>> ListTasksAsync(TaskQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Takes tasks off their queues: each is removed, and its result is posted to its run, unless somebody has it, or has taken it since it had that token (false). Repeatable by message id as
    /// long as the message is not read.
    /// </summary>
    Task<IReadOnlyList<bool>> WithdrawTasksAsync(IReadOnlyList<TaskCompletion> withdrawals, CancellationToken cancellationToken);

    // ---- reading -------------------------------------------------------------------------------------------------------------

    /// <summary>One run with its payloads, or null.</summary>
    Task<RunRecord?> ReadRunAsync(RunSelector selector, CancellationToken cancellationToken);

    /// <summary>The activities of a run that are queued or run, by operation. None for a run that is not there.</summary>
    Task<IReadOnlyList<TaskRecord>> ReadTasksAsync(long run, CancellationToken cancellationToken);

    /// <summary>A page of run summaries, newest first.</summary>
    Task<RunPage> ListRunsAsync(RunQuery query, CancellationToken cancellationToken);

    /// <summary>The runs that went on in each other's place, in order; the last one is the one that may live. Any of them names the chain; a run that stands alone is one.</summary>
    Task<IReadOnlyList<RunSummaryRecord>> ReadChainAsync(string id, CancellationToken cancellationToken);

    /// <summary>How many runs of each status a query finds, whatever its limit and place. Statuses with none are left out.</summary>
    Task<IReadOnlyDictionary<RunStatus, int>> CountRunsAsync(RunQuery query, CancellationToken cancellationToken);

    /// <summary>How many runs of each workflow and status there are, in any order. The engine's own are left out.</summary>
    Task<IReadOnlyList<WorkflowCount>> CountWorkflowsAsync(CancellationToken cancellationToken);

    /// <summary>A page of requests, in the order in which they expire.</summary>
    Task<RequestPage> ListRequestsAsync(RequestQuery query, CancellationToken cancellationToken);

    /// <summary>The history of a run in order, from the batch that holds <paramref name="fromSequence"/> on.</summary>
    Task<IReadOnlyList<EventBatch>> ReadHistoryAsync(long run, int fromSequence, CancellationToken cancellationToken);
}
