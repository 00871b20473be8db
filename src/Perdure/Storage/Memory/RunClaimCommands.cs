namespace Perdure.Storage.Memory;

/// <summary>Taking due runs, and reading what arrived for owned ones.</summary>
internal sealed class RunClaimCommands(WorkerTable workers, RunTable runs)
{
    public ClaimedRuns Claim(RunClaim claim, Instant now)
    {
        if (workers.Fence(claim.Stamp) is not { } lane) return new ClaimedRuns(true, [], Instant.Never, now);
        lane.LastGroup = claim.Stamp.Number;

        var queues = new HashSet<string>(claim.Queues, StringComparer.Ordinal);
        var claimed = new List<ClaimedRun>();
        var suspects = 0;
        foreach (var run in Choose(claim, queues, now))
        {
            if (run.Crashes >= LossBackoff.From) suspects++;
            runs.SetOwner(run, claim.Stamp.Worker);
            run.Term++;
            run.Claim = claim.Stamp.Number;
            if (run.Status != RunStatus.Blocked) run.Status = RunStatus.Running;
            run.Touch(now);
            claimed.Add(Read(run));
        }
        return new ClaimedRuns(false, claimed, NextDue(queues, withSuspects: suspects < claim.Suspects), now);
    }

    /// <summary>
    /// What the claim of that number took and the worker still owns. It does not know the queues: whatever is due there is found by the
    /// next claim.
    /// </summary>
    public ClaimedRuns Recall(long worker, long number, Instant now)
    {
        var claimed = new List<RunRow>();
        if (workers.Find(worker) is { } row)
        {
            foreach (var key in row.Runs)
            {
                if (runs.Get(key) is { } run && run.Claim == number) claimed.Add(run);
            }
        }
        claimed.Sort(InClaimOrder);
        return new ClaimedRuns(false, claimed.ConvertAll(Read), now, now);
    }

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

    /// <summary>The first due runs over all queues; of those that keep losing their workers only a few.</summary>
    private List<RunRow> Choose(RunClaim claim, HashSet<string> queues, Instant now)
    {
        var candidates = new List<RunRow>();
        foreach (var queue in queues)
        {
            if (runs.Due(queue) is { } due) AddFirst(due.DueAt(now), claim, candidates);
        }
        candidates.Sort(InClaimOrder);
        var chosen = new List<RunRow>();
        Admit(candidates, claim, chosen);
        return chosen;
    }

    private void AddFirst(IEnumerable<(int Priority, Instant Due, long Key)> due, RunClaim claim, List<RunRow> candidates)
    {
        var (count, suspects) = (0, 0);
        foreach (var (_, _, key) in due)
        {
            if (count >= claim.Limit) return;
            var run = runs.Get(key);
            if (run.Crashes >= LossBackoff.From && ++suspects > claim.Suspects) continue;
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

    private Instant NextDue(HashSet<string> queues, bool withSuspects)
    {
        var next = Instant.Never;
        foreach (var queue in queues)
        {
            if (runs.Due(queue) is { } due) next = Instant.Min(next, due.Earliest(key => withSuspects || runs.Get(key).Crashes < LossBackoff.From));
        }
        return next;
    }

    private static int InClaimOrder(RunRow a, RunRow b)
    {
        var order = b.Birth.Priority.CompareTo(a.Birth.Priority);
        if (order == 0) order = a.DueAt.CompareTo(b.DueAt);
        return order != 0 ? order : a.Key.CompareTo(b.Key);
    }

    private static ClaimedRun Read(RunRow run) => new(run.ToRecord(), [.. run.History], run.Inbox.All());
}
