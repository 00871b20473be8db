namespace Perdure.Storage.Memory;

/// <summary>Taking due runs, and reading what arrived for owned ones.</summary>
internal sealed class RunClaimCommands(WorkerTable workers, RunTable runs, QueueTable rules, SlotTable slots)
{
    private const int ExpiredPerClaim = 100;

    public ClaimedRuns Claim(RunClaim claim, Instant now)
    {
        if (workers.Fence(claim.Stamp) is not { } lane) return new ClaimedRuns(true, [], Instant.Never, now);
        lane.LastGroup = claim.Stamp.Number;
        var worker = workers.Find(claim.Stamp.Worker)!;
        if (worker.Pause is not null) return new ClaimedRuns(false, [], Instant.Never, now) { Orders = worker.Orders };

        var expired = Expired(claim.Limit, now);
        foreach (var run in expired) Take(run, holdsSlot: false);
        var queues = new HashSet<string>(claim.Queues, StringComparer.Ordinal);
        var suspects = 0;
        foreach (var run in ChooseFitting(claim with { Limit = claim.Limit - expired.Count }, worker, queues, now))
        {
            if (run.Crashes >= LossBackoff.From) suspects++;
            Take(run, rules.Find(run.Birth.Queue) is { IsLimited: true });
            if (run.Status != RunStatus.Blocked) run.Status = RunStatus.Running;
            run.Touch(now);
        }
        var claimed = Read(claim.Stamp.Worker, claim.Stamp.Number);
        var next = NextDue(queues, worker, withSuspects: suspects < claim.Suspects, isFull: claimed.Count >= claim.Limit, now);
        return new ClaimedRuns(false, claimed, next, now) { Orders = worker.Orders };

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

    /// <summary>
    /// The first due runs over all queues, after those were put aside that others must drive: whoever else lacks their code does not meet them again. What nobody alive has
    /// code for is taken, so that somebody says so.
    /// </summary>
    private List<RunRow> ChooseFitting(RunClaim claim, WorkerRow worker, HashSet<string> queues, Instant now)
    {
        if (claim.Limit <= 0 || workers.AreAlike(worker)) return Admit(FindFirst(claim, claim.Limit, worker, queues, now), claim);
        var reach = Math.Max(claim.Limit, RunClaim.LeastReach);
        for (var round = 1; ; round++)
        {
            var candidates = FindFirst(claim, reach, worker, queues, now);
            var foreign = candidates.FindAll(run => !workers.MayTake(worker, run.Code));
            foreach (var run in foreign) runs.PutAside(run);
            if (foreign.Count == 0) return Admit(candidates, claim);
            if (round == RunClaim.MostRounds) return Admit(candidates.FindAll(static run => !run.IsAside), claim);
        }
    }

    /// <summary>Due runs in claim order, of each queue as many as a claim of <paramref name="reach"/> runs could take of it alone.</summary>
    private List<RunRow> FindFirst(RunClaim claim, int reach, WorkerRow worker, HashSet<string> queues, Instant now)
    {
        var candidates = new List<RunRow>();
        foreach (var queue in queues) AddFirst(queue, [.. runs.Due(queue, code => workers.MayTake(worker, code))], claim, reach, now, candidates);
        candidates.Sort((a, b) => InClaimOrder(a, b, now));
        return candidates;
    }

    private void AddFirst(string queue, List<DueQueue<long>> lines, RunClaim claim, int reach, Instant now, List<RunRow> candidates)
    {
        var rule = rules.RuleOf(queue);
        var room = rule.IsHeld ? new QueueRoom(rule, slots.Used(queue), key => slots.Used(queue, key)) : null;
        var (count, suspects) = (0, 0);
        foreach (var (_, _, key) in DueQueue<long>.DueAt(lines, now, rule))
        {
            if (count >= reach || room is { IsFull: true }) return;
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

    /// <summary>The first of them; of those that keep losing their workers only a few.</summary>
    private static List<RunRow> Admit(List<RunRow> candidates, RunClaim claim)
    {
        var chosen = new List<RunRow>();
        var suspects = 0;
        foreach (var run in candidates)
        {
            if (chosen.Count >= claim.Limit) break;
            if (run.Crashes >= LossBackoff.From && ++suspects > claim.Suspects) continue;
            chosen.Add(run);
        }
        return chosen;
    }

    private Instant NextDue(HashSet<string> queues, WorkerRow worker, bool withSuspects, bool isFull, Instant now)
    {
        var next = runs.Expiring.Count == 0 ? Instant.Never : runs.Expiring.First().StartDeadline;
        foreach (var queue in queues)
        {
            var rule = rules.RuleOf(queue);
            if (rule.Paused) continue;
            var earliest = Instant.Never;
            foreach (var line in runs.Due(queue, code => workers.MayTake(worker, code)))
                earliest = Instant.Min(earliest, line.Earliest(key => withSuspects || runs.Get(key).Crashes < LossBackoff.From));
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
