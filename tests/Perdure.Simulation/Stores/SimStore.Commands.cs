using Perdure.Storage;

namespace Perdure.Simulation;

/// <content>The commands, each told to the tap when it is executed.</content>
internal sealed partial class SimStore
{
    public Task InitializeAsync(bool migrate, CancellationToken cancellationToken) => CallAsync(StoreCall.Initialize, static _ => Task.FromResult(true));

    public Task<WorkerGrant> RegisterWorkerAsync(WorkerRegistration registration, CancellationToken cancellationToken) => CallAsync(
        StoreCall.Register, store => store.RegisterWorkerAsync(registration, default), grant => tap.Registered(this, registration, grant));

    public Task<LeaseGrant> RenewAsync(long worker, CancellationToken cancellationToken) => CallAsync(
        StoreCall.Renew, store => store.RenewAsync(worker, default), grant => tap.Renewed(this, worker, grant));

    public Task<FenceReport> FenceDeadWorkersAsync(int batch, CancellationToken cancellationToken) => CallAsync(
        StoreCall.FenceDead, store => Bugs.FenceDead(store, batch), report => tap.DeadFenced(this, report));

    public Task RetireWorkerAsync(long worker, CancellationToken cancellationToken) => CallAsync(
        StoreCall.Retire, async store =>
        {
            await store.RetireWorkerAsync(worker, default);
            return true;
        }, _ => tap.Retired(this, worker));

    public Task<KeyBlock> ReserveKeysAsync(int count, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.ReserveKeys, store => store.ReserveKeysAsync(count, default));

    public Task<GroupOutcome> CommitGroupAsync(RunGroup group, CancellationToken cancellationToken) => CallAsync(
        StoreCall.CommitGroup, store => Poison.Refuses(group) ?? Bugs.CommitGroup(store, this, group), outcome =>
        {
            if (!Bugs.IsLate) tap.GroupExecuted(this, group, outcome);
        });

    public Task<bool> ResolveAsync(long worker, int lane, long number, CancellationToken cancellationToken) => CallAsync(
        StoreCall.Resolve, store => Bugs.Resolve(store, worker, lane, number), committed => tap.Resolved(this, worker, lane, number, committed));

    public Task<GroupOutcome> RecallGroupAsync(RunGroup group, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.RecallGroup, store => Bugs.RecallGroup(store, group));

    public Task<IReadOnlyList<BirthOutcome>> StartRunsAsync(IReadOnlyList<RunBirth> births, CancellationToken cancellationToken) => CallAsync(
        StoreCall.StartRuns, store => Bugs.StartRuns(store, this, births), outcomes =>
        {
            if (!Bugs.IsLate) tap.Started(this, births, outcomes);
        });

    public Task<SignalledStart> StartWithSignalAsync(RunBirth birth, OutgoingMessage signal, CancellationToken cancellationToken) => CallAsync(
        StoreCall.StartWithSignal, store => store.StartWithSignalAsync(birth, signal, default), started => tap.StartedWithSignal(this, birth, signal, started));

    public Task<IReadOnlyList<PostOutcome>> PostMessagesAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken) => CallAsync(
        StoreCall.PostMessages, store => Bugs.Post(store, messages), outcomes => tap.Posted(this, messages, outcomes));

    public Task<AnswerOutcome> AnswerRequestAsync(RequestAnswer answer, CancellationToken cancellationToken) => CallAsync(
        StoreCall.AnswerRequest, store => Bugs.AnswerRequest(store, answer), outcome => tap.Answered(this, answer, outcome));

    public Task<RequestPage> ListRequestsAsync(RequestQuery query, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.ListRequests, store => store.ListRequestsAsync(query, default));

    public Task<ReadOnlyMemory<byte>> KeepAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.Keep, store => store.KeepAsync(name, value, default));

    public Task<PostOutcome> ReopenRunAsync(OutgoingMessage message, CancellationToken cancellationToken) => CallAsync(
        StoreCall.Reopen, store => Bugs.Reopen(store, message), outcome => tap.Reopened(this, message, outcome));

    public Task<IReadOnlyList<DeleteVerdict>> DeleteRunsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.DeleteRuns, store => store.DeleteRunsAsync(ids, default));

    public Task<PurgedRuns> PurgeRunsAsync(RunPurge purge, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.PurgeRuns, store => store.PurgeRunsAsync(purge, default));

    public Task<int> ForgetKeysAsync(int limit, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.ForgetKeys, store => store.ForgetKeysAsync(limit, default));

    public Task<bool> TakeTurnAsync(string work, TimeSpan every, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.TakeTurn, store => store.TakeTurnAsync(work, every, default));

    public Task<QueueRecord> ChangeQueueAsync(QueueChange change, CancellationToken cancellationToken) => CallAsync(
        StoreCall.ChangeQueue, store => store.ChangeQueueAsync(change, default), changed => world.Trace.Add(Owner, $"makes a queue {changed.Rule}"));

    public Task<IReadOnlyList<QueueRecord>> ListQueuesAsync(string? name, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.ListQueues, store => store.ListQueuesAsync(name, default));

    public Task<WorkerRecord?> ChangeWorkerAsync(WorkerChange change, CancellationToken cancellationToken) => CallAsync(
        StoreCall.ChangeWorker, store => store.ChangeWorkerAsync(change, default), changed => tap.WorkerChanged(this, change, changed));

    public Task<IReadOnlyList<WorkerRecord>> ListWorkersAsync(CancellationToken cancellationToken) =>
        CallAsync(StoreCall.ListWorkers, store => store.ListWorkersAsync(default));

    public Task<ClaimedRuns> ClaimRunsAsync(RunClaim claim, CancellationToken cancellationToken) => CallAsync(
        StoreCall.ClaimRuns, store => Bugs.ClaimRuns(store, claim), claimed => tap.RunsClaimed(this, claim, claimed));

    public Task<ClaimedRuns> RecallRunClaimAsync(long worker, long number, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.RecallRunClaim, store => store.RecallRunClaimAsync(worker, number, default));

    public Task<IReadOnlyList<Inbox>> ReadMessagesAsync(long worker, IReadOnlyList<long>? runs, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.ReadMessages, store => Bugs.ReadMessages(store, worker, runs));

    public Task<ClaimedTasks> ClaimTasksAsync(TaskClaim claim, CancellationToken cancellationToken) => CallAsync(
        StoreCall.ClaimTasks, store => Bugs.ClaimTasks(store, claim), claimed => tap.TasksClaimed(this, claim, claimed));

    public Task<ClaimedTasks> RecallTaskClaimAsync(long worker, long number, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.RecallTaskClaim, store => store.RecallTaskClaimAsync(worker, number, default));

    public Task<TaskReport> CompleteTasksAsync(LaneStamp stamp, IReadOnlyList<TaskCompletion> completions, CancellationToken cancellationToken) => CallAsync(
        StoreCall.CompleteTasks, store => Bugs.CompleteTasks(store, stamp, completions), report => tap.TasksCompleted(this, stamp, completions, report));

    public Task<TaskPulse> BeatTasksAsync(long worker, IReadOnlyList<TaskBeat> beats, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.BeatTasks, store => store.BeatTasksAsync(worker, beats, default));

    public Task<IReadOnlyList<QueuedTask>> ListTasksAsync(TaskQuery query, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.ListTasks, store => Bugs.ListTasks(store, query));

    public Task<IReadOnlyList<bool>> WithdrawTasksAsync(IReadOnlyList<TaskCompletion> withdrawals, CancellationToken cancellationToken) => CallAsync(
        StoreCall.WithdrawTasks, store => Bugs.WithdrawTasks(store, withdrawals), done => tap.TasksWithdrawn(this, withdrawals, done));

    public Task<RunRecord?> ReadRunAsync(RunSelector selector, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.ReadRun, store => store.ReadRunAsync(selector, default));

    public Task<IReadOnlyList<TaskRecord>> ReadTasksAsync(long run, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.ReadTasks, store => store.ReadTasksAsync(run, default));

    public Task<RunPage> ListRunsAsync(RunQuery query, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.ListRuns, store => store.ListRunsAsync(query, default));

    public Task<IReadOnlyList<RunSummaryRecord>> ReadChainAsync(string id, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.ReadChain, store => store.ReadChainAsync(id, default));

    public Task<IReadOnlyDictionary<RunStatus, int>> CountRunsAsync(RunQuery query, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.CountRuns, store => store.CountRunsAsync(query, default));

    public Task<IReadOnlyList<WorkflowCount>> CountWorkflowsAsync(CancellationToken cancellationToken) =>
        CallAsync(StoreCall.CountWorkflows, store => store.CountWorkflowsAsync(default));

    public Task<IReadOnlyList<EventBatch>> ReadHistoryAsync(long run, int fromSequence, CancellationToken cancellationToken) =>
        CallAsync(StoreCall.ReadHistory, store => store.ReadHistoryAsync(run, fromSequence, default));
}
