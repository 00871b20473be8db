namespace Perdure.Storage.Memory;

/// <summary>Taking, ending and watching tasks.</summary>
internal sealed class TaskCommands(WorkerTable workers, TaskTable tasks, QueueTable rules, SlotTable slots, MessageCommands messages)
{
    private const int ExpiredPerClaim = 100;

    public ClaimedTasks Claim(TaskClaim claim, Instant now)
    {
        if (workers.Fence(claim.Stamp) is not { } lane) return new ClaimedTasks(true, [], Instant.Never, now);
        lane.LastGroup = claim.Stamp.Number;
        var orders = workers.Find(claim.Stamp.Worker)!.Orders;
        if (orders.IsPaused) return new ClaimedTasks(false, [], Instant.Never, now) { Orders = orders };

        var claimed = new List<ClaimedTask>();
        foreach (var task in Expired(now)) Take(task, expired: true, holdsSlot: false);
        var activities = claim.Activities is { } known ? new HashSet<string>(known, StringComparer.Ordinal) : null;
        var suspects = claim.Suspects;
        var isFull = new bool[claim.Slots.Count];
        for (var i = 0; i < isFull.Length; i++)
        {
            var (asked, rule) = (claim.Slots[i], rules.RuleOf(claim.Slots[i].Queue));
            var ready = Ready(asked, rule, activities, ref suspects, now);
            foreach (var task in ready) Take(task, expired: false, rule.IsLimited);
            isFull[i] = ready.Count >= asked.Free;
        }
        var next = Instant.Never;
        for (var i = 0; i < isFull.Length; i++) next = Instant.Min(next, NextDue(claim.Slots[i].Queue, activities, withSuspects: suspects > 0, isFull[i], now));
        return new ClaimedTasks(false, claimed, next, now) { Orders = orders };

        void Take(TaskRow task, bool expired, bool holdsSlot)
        {
            tasks.Claim(task, claim.Stamp.Worker, claim.Stamp.Number, expired, holdsSlot);
            claimed.Add(task.ToClaimed());
        }
    }

    /// <summary>What the claim of that number took and the worker still owns, by run and operation.</summary>
    public ClaimedTasks Recall(long worker, long number, Instant now)
    {
        var claimed = new List<ClaimedTask>();
        if (workers.Find(worker) is { } row)
        {
            foreach (var key in row.Tasks)
            {
                if (tasks.Get(key) is { } task && task.Claim == number) claimed.Add(task.ToClaimed());
            }
        }
        return new ClaimedTasks(false, claimed, now, now);
    }

    public static IReadOnlyList<TaskRecord> Read(RunRow? run)
    {
        if (run?.Tasks is not { Count: > 0 } ofRun) return [];
        var list = new List<TaskRecord>();
        foreach (var (operation, task) in ofRun) list.Add(new TaskRecord(operation, task.Task.Activity, task.Task.Queue, task.DueAt, task.Owner));
        return list;
    }

    public TaskReport Complete(in LaneStamp stamp, IReadOnlyList<TaskCompletion> completions, Instant now)
    {
        if (workers.Fence(stamp) is not { } lane) return new TaskReport(true, []);
        lane.LastGroup = stamp.Number;
        var accepted = new bool[completions.Count];
        for (var i = 0; i < accepted.Length; i++)
        {
            if (tasks.Current(stamp.Worker, completions[i].Attempt) is not { } task) continue;
            tasks.Remove(task);
            messages.Post(completions[i].Result, task.Run, task.Task.Operation, now);
            accepted[i] = true;
        }
        return new TaskReport(false, accepted);
    }

    public TaskPulse Beat(long worker, IReadOnlyList<TaskBeat> beats)
    {
        var stop = new List<TaskAttempt>();
        foreach (var beat in beats)
        {
            var task = tasks.Current(worker, beat.Attempt);
            if (task is null || task.StopRequested) stop.Add(beat.Attempt);
            if (task is not null && !beat.Details.IsEmpty) task.Details = beat.Details;
        }
        return new TaskPulse(stop);
    }

    /// <summary>Unowned tasks of any queue that waited too long, longest overdue first.</summary>
    private List<TaskRow> Expired(Instant now)
    {
        var expired = new List<TaskRow>();
        foreach (var queue in tasks.Queues.Values)
        {
            var count = 0;
            foreach (var (expiresAt, task) in queue.Expiring)
            {
                if (expiresAt > now || count++ == ExpiredPerClaim) break;
                expired.Add(tasks.Get(task));
            }
        }
        expired.Sort(static (a, b) => (a.ExpiresAt, a.Key).CompareTo((b.ExpiresAt, b.Key)));
        if (expired.Count > ExpiredPerClaim) expired.RemoveRange(ExpiredPerClaim, expired.Count - ExpiredPerClaim);
        return expired;
    }

    /// <summary>The first due tasks of a queue; of those that keep losing their workers only a few. One that has expired in the meantime is never executed.</summary>
    private List<TaskRow> Ready(QueueSlots asked, QueueRule rule, HashSet<string>? activities, ref int suspects, Instant now)
    {
        var ready = new List<TaskRow>();
        if (asked.Free <= 0 || !tasks.Queues.TryGetValue(asked.Queue, out var queue)) return ready;
        var room = rule.IsHeld ? new QueueRoom(rule, slots.Used(asked.Queue), key => slots.Used(asked.Queue, key)) : null;
        foreach (var (_, _, key) in queue.Ready.DueAt(now, rule))
        {
            if (ready.Count == asked.Free || room is { IsFull: true }) break;
            var task = tasks.Get(key);
            if (task.ExpiresAt <= now || activities?.Contains(task.Task.Activity) == false) continue;
            if (task.IsSuspect && suspects == 0) continue;
            if (room?.TryTake(task.Task.ConcurrencyKey) == false) continue;
            if (task.IsSuspect) suspects--;
            ready.Add(task);
        }
        return ready;
    }

    private Instant NextDue(string name, HashSet<string>? activities, bool withSuspects, bool isFull, Instant now)
    {
        var rule = rules.RuleOf(name);
        if (!tasks.Queues.TryGetValue(name, out var queue)) return Instant.Never;
        // What expires is ended without a slot.
        if (isFull || rule.Paused) return queue.EarliestExpiry();
        var earliest = queue.Ready.Earliest(key => tasks.Get(key) is { } task && activities?.Contains(task.Task.Activity) != false && (withSuspects || !task.IsSuspect));
        // There was a free slot for it in the worker: a limit holds it back.
        if (rule.IsLimited && earliest <= now) earliest = now.Add(QueueRoom.LookAgain);
        return Instant.Min(queue.EarliestExpiry(), earliest);
    }
}
