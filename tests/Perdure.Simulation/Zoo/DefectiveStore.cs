using Perdure.Storage;
using Perdure.Storage.Memory;

namespace Perdure.Simulation;

/// <summary>The commands in which a bug can be planted; without one they do what they should.</summary>
internal sealed partial class DefectiveStore(World world, SimContext home, SimTime storeTime, StoreTap tap, Func<SimTime?> clock, Defect? defect)
{
    /// <summary>How long the two halves of something that should be one transaction are apart.</summary>
    private static readonly long Gap = TimeSpan.FromMilliseconds(3).Ticks;

    private readonly Queue<Action> _late = new();
    private readonly HashSet<string> _posted = [];

    /// <summary>Whether the last command was answered before it happened, so that the tap is told later.</summary>
    public bool IsLate { get; private set; }

    public Task<FenceReport> FenceDead(MemoryStore store, int batch)
    {
        switch (defect)
        {
            case Defect.LeaseByWorkerClock when clock() is { } own:
                var right = storeTime.Offset;
                storeTime.Offset = own.Offset;
                var report = store.FenceDeadWorkersAsync(batch, default);
                storeTime.Offset = right;
                return report;
            case Defect.LossNotCounted:
                return KeepLosses(store, batch);
            case Defect.TasksStayWithTheDead:
                return KeepTasks(store, batch);
            case Defect.LostTasksWaitForNothing:
                return ForgetWaits(store, batch);
            case Defect.SlotsStayWithTheDead:
                return KeepSlots(store, batch);
            case Defect.FreeOnce when !store.Workers.All.Any(worker => worker.Alive && worker.LeaseUntil < Instant.From(storeTime.GetUtcNow())):
                return Task.FromResult(new FenceReport(0, 0, 0));
            case Defect.FreeOnce:
                return store.FenceDeadWorkersAsync(1, default);
            default:
                return store.FenceDeadWorkersAsync(batch, default);
        }
    }

    /// <summary>A claim on a store that knows of no rules, if that is the bug.</summary>
    private T PastRules<T>(MemoryStore store, Func<T> claim)
    {
        if (defect != Defect.ClaimPastLimits) return claim();
        var rules = store.Queues.All.ToArray();
        foreach (var (queue, _) in rules) store.Queues.Set(queue, QueueRule.None);
        var claimed = claim();
        foreach (var (queue, rule) in rules) store.Queues.Set(queue, rule);
        return claimed;
    }

    /// <summary>A claim that knows of no orders to its worker, if that is the bug.</summary>
    private T PastOrders<T>(MemoryStore store, long worker, Func<T> claim)
    {
        if (defect != Defect.ClaimWhilePaused || store.Workers.Find(worker) is not { } row) return claim();
        var pause = row.Pause;
        row.Pause = null;
        var claimed = claim();
        row.Pause = pause;
        return claimed;
    }

    /// <summary>A claim that takes everybody for having all code, if that is the bug.</summary>
    private T AsIfAlike<T>(MemoryStore store, Func<T> claim)
    {
        if (defect is not (Defect.ClaimIgnoresVersion or Defect.ClaimIgnoresBuild)) return claim();
        var known = store.Workers.All.Where(static worker => worker.Workflows is not null).Select(static worker => (Codes: worker.Workflows!, Own: worker.Workflows!.ToArray())).ToArray();
        foreach (var (codes, _) in known)
            foreach (var (_, others) in known) codes.UnionWith(others.Where(code => defect == Defect.ClaimIgnoresVersion || codes.Contains(code with { Build = null })));
        var claimed = claim();
        foreach (var (codes, own) in known) codes.IntersectWith(own);
        return claimed;
    }

    private static Task<FenceReport> KeepSlots(MemoryStore store, int batch)
    {
        var held = store.Runs.All.Where(static run => run is { Owner: not 0, HoldsSlot: true }).ToArray();
        var report = store.FenceDeadWorkersAsync(batch, default);
        foreach (var run in held)
            if (run.Owner == 0) store.Slots.Enter(run.Birth.Queue, run.Birth.ConcurrencyKey);
        return report;
    }

    public Task<bool> Resolve(MemoryStore store, long worker, int lane, long number)
    {
        var row = store.Workers.Find(worker)?.Lanes[lane];
        switch (defect)
        {
            case Defect.UnknownMeansLost:
                return Task.FromResult(false);
            case Defect.UnknownMeansCommitted:
                return Task.FromResult(true);
            case Defect.NoBarrier when row is not null:
                var before = row.Barrier;
                var committed = store.ResolveAsync(worker, lane, number, default);
                row.Barrier = before;
                return committed;
            default:
                return store.ResolveAsync(worker, lane, number, default);
        }
    }

    public async Task<GroupOutcome> RecallGroup(MemoryStore store, RunGroup group)
    {
        var outcome = await store.RecallGroupAsync(group, default);
        if (defect != Defect.GuessSoftOutcome) return outcome;
        return outcome with
        {
            Bundles = [.. outcome.Bundles.Select((bundle, i) => bundle with { Closed = group.Bundles[i].Close is not null, Released = group.Bundles[i] is { Release: true, Close: null } })],
        };
    }

    public Task<IReadOnlyList<BirthOutcome>> StartRuns(MemoryStore store, SimStore from, IReadOnlyList<RunBirth> births)
    {
        IsLate = false;
        if (defect != Defect.CheckThenInsert || births[0].StartKey is not { } key || store.Runs.FindStartKey(key) is not null) return store.StartRunsAsync(births, default);
        IsLate = true;
        world.After(Gap, () =>
        {
            var birth = births[0];
            var insert = store.Runs.FindStartKey(key) is null ? birth : birth with { StartKey = null };
            tap.Started(from, births, store.StartRunsAsync([insert], default).Result);
        });
        return Task.FromResult<IReadOnlyList<BirthOutcome>>([new BirthOutcome(BirthVerdict.Created, births[0].Key, births[0].Id, RunStatus.Pending)]);
    }

    public Task<IReadOnlyList<PostOutcome>> Post(MemoryStore store, IReadOnlyList<OutgoingMessage> messages)
    {
        if (defect == Defect.PurgeEmptiesInbox)
        {
            foreach (var message in messages)
                if (message is { Kind: MessageKind.Cancel, RunId: { } id } && store.Runs.Find(id) is { Status: RunStatus.Pending } run)
                    foreach (var unread in run.Inbox.All())
                        if (unread.Kind == MessageKind.Signal) run.Inbox.Remove(unread.Position);
        }
        return store.PostMessagesAsync(
            defect == Defect.FreshMessageIds ? [.. messages.Select(message => _posted.Add(message.Id) ? message : message with { Id = $"{message.Id}-{world.NextOrder()}" })] : messages, default);
    }

    public async Task<PostOutcome> Reopen(MemoryStore store, OutgoingMessage message)
    {
        var inbox = store.Runs.Find(message.RunId!)?.Inbox;
        var orders = inbox?.All().Where(static stored => stored.Kind is MessageKind.Cancel or MessageKind.Terminate).ToList() ?? [];
        var outcome = await store.ReopenRunAsync(message, default);
        if (defect != Defect.ReopenKeepsOrders || outcome.Verdict != PostVerdict.Accepted) return outcome;
        foreach (var order in orders)
            inbox!.Add(new OutgoingMessage { RunKey = outcome.RunKey, Id = order.Id, Kind = order.Kind, Payload = order.Payload }, MessageBox.NoOperation, order.At);
        return outcome;
    }

    public async Task<ClaimedRuns> ClaimRuns(MemoryStore store, RunClaim claim)
    {
        var claimed = await PastRules(store, () => AsIfAlike(store, () => PastOrders(store, claim.Stamp.Worker, () => store.ClaimRunsAsync(claim, default))));
        switch (defect)
        {
            case Defect.ConsumeAtRead or Defect.AnswersGoneAtRead:
                foreach (var run in claimed.Runs) Consume(store, run.Row.Key, run.Messages);
                return claimed;
            case Defect.StaleHistory:
                return claimed with { Runs = [.. claimed.Runs.Select(static run => run.History.Count > 1 ? run with { History = [.. run.History.SkipLast(1)] } : run)] };
            case Defect.OrderByOperation:
                return claimed with { Runs = [.. claimed.Runs.Select(static run => run with { History = HistoryShuffle.ByOperation(run.History) })] };
            default:
                return claimed;
        }
    }

    public Task<ClaimedTasks> ClaimTasks(MemoryStore store, TaskClaim claim) => PastRules(
        store, () => PastOrders(store, claim.Stamp.Worker, () => store.ClaimTasksAsync(defect == Defect.SuspectTasksTogether ? claim with { Suspects = int.MaxValue } : claim, default)));

    public async Task<IReadOnlyList<Inbox>> ReadMessages(MemoryStore store, long worker, IReadOnlyList<long>? runs)
    {
        var inboxes = await store.ReadMessagesAsync(worker, runs, default);
        if (defect is Defect.ConsumeAtRead or Defect.AnswersGoneAtRead)
            foreach (var inbox in inboxes) Consume(store, inbox.Run, inbox.Messages);
        return inboxes;
    }

    public Task<TaskReport> CompleteTasks(MemoryStore store, LaneStamp stamp, IReadOnlyList<TaskCompletion> completions)
    {
        switch (defect)
        {
            case Defect.NoAttemptToken:
                return store.CompleteTasksAsync(stamp, [.. completions.Select(completion => TakeOver(store, stamp.Worker, completion))], default);
            case Defect.ResultInTwoParts:
                var report = store.CompleteTasksAsync(stamp, completions, default).Result;
                for (var i = 0; i < report.Accepted.Count; i++)
                    if (report.Accepted[i]) Unpost(store, completions[i].Result);
                world.After(Gap, () =>
                {
                    if (home.IsDead) return;
                    for (var i = 0; i < report.Accepted.Count; i++)
                        if (report.Accepted[i]) _ = store.PostMessagesAsync([completions[i].Result], default);
                });
                return Task.FromResult(report);
            default:
                return store.CompleteTasksAsync(stamp, completions, default);
        }
    }

    /// <summary>What is listed, and what a worker has, if that is the bug.</summary>
    public async Task<IReadOnlyList<QueuedTask>> ListTasks(MemoryStore store, TaskQuery query)
    {
        var waiting = await store.ListTasksAsync(query, default);
        if (defect != Defect.WithdrawsWhatRuns || query.After is not null) return waiting;
        return [.. waiting, .. Tasks(store).Where(task => task is { Owner: not 0, Expired: false } && task.Task.Queue == query.Queue)
            .Select(static task => new QueuedTask(new TaskAttempt(task.Run.Key, task.Task.Operation, task.Token), task.Task.Activity))];
    }

    public Task<IReadOnlyList<bool>> WithdrawTasks(MemoryStore store, IReadOnlyList<TaskCompletion> withdrawals)
    {
        if (defect == Defect.WithdrawsWhatRuns)
            foreach (var (attempt, _) in withdrawals)
                if (store.Tasks.Find(attempt.Run, attempt.Operation) is { Owner: not 0 } task && task.Token == attempt.Token) store.Tasks.Free(task, task.DueAt);
        return store.WithdrawTasksAsync(withdrawals, default);
    }

    private static IEnumerable<TaskRow> Tasks(MemoryStore store) => store.Runs.All.SelectMany(static run => run.Tasks?.Values ?? Enumerable.Empty<TaskRow>());

    private void Consume(MemoryStore store, long run, IReadOnlyList<InboxMessage> messages)
    {
        var kind = defect == Defect.ConsumeAtRead ? MessageKind.Signal : MessageKind.Answer;
        foreach (var message in messages)
            if (message.Kind == kind) store.Runs.Find(run)?.Inbox.Remove(message.Position);
    }

    private static void Unpost(MemoryStore store, OutgoingMessage message)
    {
        var inbox = store.Runs.Find(message.RunKey)?.Inbox;
        if (inbox?.All().LastOrDefault(stored => stored.Id == message.Id) is { } posted) inbox.Remove(posted.Position);
    }

    /// <summary>Gives a task that another worker runs to the one that brings a result, and the result its token.</summary>
    private static TaskCompletion TakeOver(MemoryStore store, long worker, TaskCompletion completion)
    {
        if (store.Runs.Find(completion.Attempt.Run)?.Tasks?.GetValueOrDefault(completion.Attempt.Operation) is not { Owner: > 0 } task) return completion;
        store.Workers.Find(task.Owner)!.Tasks.Remove(task.Key);
        store.Workers.Find(worker)!.Tasks.Add(task.Key);
        task.Owner = worker;
        return completion with { Attempt = completion.Attempt with { Token = task.Token } };
    }

    private static Task<FenceReport> KeepLosses(MemoryStore store, int batch)
    {
        var losses = store.Runs.All.ToDictionary(static run => run, static run => run.Losses);
        var report = store.FenceDeadWorkersAsync(batch, default);
        foreach (var (run, count) in losses) run.Losses = count;
        return report;
    }

    private static Task<FenceReport> ForgetWaits(MemoryStore store, int batch)
    {
        var owned = store.Workers.All.SelectMany(static worker => worker.Tasks).ToArray();
        var report = store.FenceDeadWorkersAsync(batch, default);
        foreach (var key in owned)
            if (store.Tasks.Get(key) is { Owner: 0 } task) store.Tasks.Free(task, Instant.From(store.Clock.GetUtcNow()));
        return report;
    }

    private static Task<FenceReport> KeepTasks(MemoryStore store, int batch)
    {
        var tasks = store.Workers.All.ToDictionary(static worker => worker, static worker => worker.Tasks.ToArray());
        foreach (var worker in store.Workers.All) worker.Tasks.Clear();
        var report = store.FenceDeadWorkersAsync(batch, default);
        foreach (var (worker, keys) in tasks) worker.Tasks.UnionWith(keys);
        return report;
    }

    /// <summary>Lets a lane commit although its worker was marked dead.</summary>
    private static void Revive(MemoryStore store, in LaneStamp stamp)
    {
        var lane = store.Workers.Find(stamp.Worker)!.Lanes[stamp.Lane];
        (lane.Alive, lane.LastGroup) = (true, stamp.Previous);
    }
}
