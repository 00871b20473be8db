namespace Perdure.Storage.Memory;

/// <summary>Taking due runs, and reading what arrived for owned ones.</summary>
internal sealed class RunClaimCommands(WorkerTable workers, RunTable runs, QueueTable rules, SlotTable slots)
{
    private const int ExpiredPerClaim = 100;

    public ClaimedRuns Claim(RunClaim claim, Instant now)
    {
        if (workers.Fence(claim.Stamp) is not { } lane) return new ClaimedRuns(true, [], Instant.Never, now);
        lane.LastGroup = claim.Stamp.Number;

        var expired = Expired(claim.Limit, now);
        foreach (var run in expired) Take(run, holdsSlot: false);
        var queues = new HashSet<string>(claim.Queues, StringComparer.Ordinal);
        var suspects = 0;
        foreach (var run in Choose(claim with { Limit = claim.Limit - expired.Count }, queues, now))
        {
            if (run.Crashes >= LossBackoff.From) suspects++;
            Take(run, rules.Find(run.Birth.Queue) is { IsLimited: true });
            if (run.Status != RunStatus.Blocked) run.Status = RunStatus.Running;
            run.Touch(now);
        }
        var claimed = Read(claim.Stamp.Worker, claim.Stamp.Number);
        var next = NextDue(queues, withSuspects: suspects < claim.Suspects, isFull: claimed.Count >= claim.Limit, now);
        return new ClaimedRuns(false, claimed, next, now);

        void Take(RunRow run, bool holdsSlot)
        {
            runs.SetOwner(run, claim.Stamp.Worker, holdsSlot);
            run.Term++;
            run.Claim = claim.Stamp.Number;
            run.Touch(now);
        }
    }

    /// <summary>
    /// What the claim of that number took and the worker still owns. It does not know the queues: whatever is due there is found by the
    /// next claim.
    /// </summary>
    public ClaimedRuns Recall(long worker, long number, Instant now) => new(false, Read(worker, number), now, now);

    /// <summary>Inboxes that hold messages, of the worker's runs among <paramref name="asked"/>, or of all its runs; by run key.</summary>
    public IReadOnlyList<Inbox> ReadMessages(long worker, IReadOnlyList<long>? asked)
    {
        if (workers.Find(worker) is not { } row) return [];
        var keys = new SortedSet<long>(asked ?? [.. row.Runs]);
        var inboxes = new List<Inbox>();
        foreach (var key in keys)
        {
            if (runs.Find(key) is { } run && run.Owner == worker && !run.Inbox.IsEmpty)
                inboxes.Add(new Inbox(key, run.Inbox.Counter, run.Inbox.All()));
        }
        return inboxes;
    }

    private List<ClaimedRun> Read(long worker, long number)
    {
        var claimed = new List<RunRow>();
        if (workers.Find(worker) is { } row)
        {
            foreach (var key in row.Runs)
            {
                if (runs.Get(key) is { } run && run.Claim == number) claimed.Add(run);
            }
        }
        claimed.Sort(static (a, b) => (-a.Birth.Priority, a.DueAt, a.Key).CompareTo((-b.Birth.Priority, b.DueAt, b.Key)));
        return claimed.ConvertAll(Read);
    }

    /// <summary>Runs of any queue that nobody took in time, longest overdue first.</summary>
    private List<RunRow> Expired(int limit, Instant now)
    {
        var expired = new List<RunRow>();
        foreach (var (deadline, key) in runs.Expiring)
        {
            if (deadline > now || expired.Count == Math.Min(limit, ExpiredPerClaim)) break;
            expired.Add(runs.Get(key));
        }
        return expired;
    }

    /// <summary>The first due runs over all queues; of those that keep losing their workers only a few.</summary>
    private List<RunRow> Choose(RunClaim claim, HashSet<string> queues, Instant now)
    {
        var candidates = new List<RunRow>();
        foreach (var queue in queues)
        {
            if (runs.Due(queue) is { } due) AddFirst(queue, due, claim, now, candidates);
        }
        candidates.Sort((a, b) => InClaimOrder(a, b, now));
        var chosen = new List<RunRow>();
        Admit(candidates, claim, chosen);
        return chosen;
    }

    private void AddFirst(string queue, DueQueue<long> due, RunClaim claim, Instant now, List<RunRow> candidates)
    {
        var rule = rules.RuleOf(queue);
        var room = rule.IsHeld ? new QueueRoom(rule, slots.Used(queue), key => slots.Used(queue, key)) : null;
        var (count, suspects) = (0, 0);
        foreach (var (_, _, key) in due.DueAt(now, rule))
        {
            if (count >= claim.Limit || room is { IsFull: true }) return;
            var run = runs.Get(key);
            // One that has expired in the meantime is never executed.
            if (run.Status == RunStatus.Pending && run.StartDeadline <= now) continue;
            if (run.Crashes >= LossBackoff.From && suspects >= claim.Suspects) continue;
            if (room?.TryTake(run.Birth.ConcurrencyKey) == false) continue;
            if (run.Crashes >= LossBackoff.From) suspects++;
            candidates.Add(run);
            count++;
        }
    }

    private static void Admit(List<RunRow> candidates, RunClaim claim, List<RunRow> chosen)
    {
        var suspects = 0;
        foreach (var run in candidates)
        {
            if (chosen.Count >= claim.Limit) return;
            if (run.Crashes >= LossBackoff.From && ++suspects > claim.Suspects) continue;
            chosen.Add(run);
        }
    }

    private Instant NextDue(HashSet<string> queues, bool withSuspects, bool isFull, Instant now)
    {
        var next = runs.Expiring.Count == 0 ? Instant.Never : runs.Expiring.First().StartDeadline;
        foreach (var queue in queues)
        {
            var rule = rules.RuleOf(queue);
            if (rule.Paused || runs.Due(queue) is not { } due) continue;
            var earliest = due.Earliest(key => withSuspects || runs.Get(key).Crashes < LossBackoff.From);
            // Had there been room for it in the claim, it would have been taken but for a limit.
            if (rule.IsLimited && !isFull && earliest <= now) earliest = now.Add(QueueRoom.LookAgain);
            next = Instant.Min(next, earliest);
        }
        return next;
    }

    private int InClaimOrder(RunRow a, RunRow b, Instant now)
    {
        var order = PriorityOf(b, now).CompareTo(PriorityOf(a, now));
        if (order == 0) order = a.DueAt.CompareTo(b.DueAt);
        return order != 0 ? order : a.Key.CompareTo(b.Key);
    }

    private long PriorityOf(RunRow run, Instant now) => rules.RuleOf(run.Birth.Queue).PriorityOf(run.Birth.Priority, run.DueAt, now);

    private static ClaimedRun Read(RunRow run) => new(run.ToRecord(), [.. run.History], run.Inbox.All());
}
