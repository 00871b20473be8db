namespace Perdure.Storage.Memory;

/// <summary>The journal's transaction: fence, births, checks, and then everything that the bundles ask for, or nothing.</summary>
internal sealed class GroupCommands(WorkerTable workers, RunTable runs, TaskTable tasks, QueueTable queues, BirthCommands births, SequelCommands sequels)
{
    public GroupOutcome Commit(RunGroup group, Instant now)
    {
        if (workers.Fence(group.Stamp) is not { } lane) return new GroupOutcome(GroupVerdict.Fenced, [], [], now);
        var worker = group.Stamp.Worker;
        if (Check(group.Bundles, worker, now) is { } refusals) return new GroupOutcome(GroupVerdict.Refused, [], refusals, now);

        lane.LastGroup = group.Stamp.Number;
        var outcomes = new BundleOutcome[group.Bundles.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            var bundle = group.Bundles[i];
            outcomes[i] = bundle.Birth is { } birth
                ? new BundleOutcome { Birth = births.Start(birth, bundle.Owned ? worker : 0, now) }
                : new BundleOutcome();
        }
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (HasRest(group.Bundles[i], outcomes[i].Birth)) outcomes[i] = Apply(group.Bundles[i], outcomes[i], worker, now);
        }
        sequels.Apply(group.Bundles, outcomes, static (bundle, birth) => HasRest(bundle, birth), now);
        return new GroupOutcome(GroupVerdict.Committed, outcomes, [], now);
    }

    /// <summary>Reads from the rows what a committed group was answered.</summary>
    public GroupOutcome Recall(RunGroup group, Instant now)
    {
        var outcomes = new BundleOutcome[group.Bundles.Count];
        for (var i = 0; i < outcomes.Length; i++) outcomes[i] = Recall(group.Bundles[i], group.Stamp.Worker);
        return new GroupOutcome(GroupVerdict.Committed, outcomes, [], now);
    }

    private List<Refusal>? Check(IReadOnlyList<RunBundle> bundles, long worker, Instant now)
    {
        List<Refusal>? refusals = null;
        foreach (var bundle in bundles)
        {
            if (Check(bundle, worker, now) is { } reason) (refusals ??= []).Add(new Refusal(bundle.Run, reason));
        }
        return refusals;
    }

    private RefusalReason? Check(RunBundle bundle, long worker, Instant now)
    {
        var next = bundle.BaseSequence;
        if (bundle.Birth is { } birth)
        {
            births.Check(birth);
            if (!bundle.Owned) return null;
            if (next != birth.Events.End) return RefusalReason.NotOwned;
        }
        else
        {
            if (runs.Find(bundle.Run) is not { } run) return RefusalReason.NotOwned;
            // A bundle that only appends needs no look at the row: the lane and the sequence guard it.
            if (WritesRow(bundle) && !run.IsOwnedBy(worker, bundle.Term)) return RefusalReason.NotOwned;
            if (next != run.EventCount) return RefusalReason.NotOwned;
            if (bundle.RequireSeen && run.Inbox.Counter != bundle.Seen) return RefusalReason.UnreadMessages;
        }
        if (bundle.Events.Count > 0 && bundle.Events.FirstSequence != next) return RefusalReason.NotOwned;
        if (bundle.NotBefore > now) return RefusalReason.TooEarly;
        foreach (var attempt in bundle.EndedTasks)
        {
            if (tasks.Current(worker, attempt) is null) return RefusalReason.StaleTask;
        }
        if (TakesHeld(bundle)) return RefusalReason.QueueHeld;
        for (var i = 0; i < bundle.NewTasks.Count; i++) CheckIsNew(bundle, i);
        foreach (var child in bundle.Children) births.Check(child.Birth);
        if (bundle.Close is { Successor: { } successor }) births.Check(successor);
        return null;
    }

    /// <summary>Whether the worker would have something at once that only a claim may give it.</summary>
    private bool TakesHeld(RunBundle bundle)
    {
        if (bundle is { Birth: { } birth, Owned: true } && queues.Find(birth.Queue) is { IsHeld: true }) return true;
        foreach (var task in bundle.NewTasks)
        {
            if (task.Claimed && queues.Find(task.Queue) is { IsHeld: true }) return true;
        }
        return false;
    }

    /// <summary>An operation has one task at most; the next attempt may take the place of one that ends in the same bundle.</summary>
    private void CheckIsNew(RunBundle bundle, int index)
    {
        var operation = bundle.NewTasks[index].Operation;
        var taken = tasks.Find(bundle.Run, operation) is not null;
        foreach (var attempt in bundle.EndedTasks) taken &= attempt.Operation != operation;
        for (var i = 0; i < index; i++) taken |= bundle.NewTasks[i].Operation == operation;
        if (taken)
            throw new StoreException(StoreFault.Data,
                $"The store cannot create a task for operation {operation} of run {bundle.Run}: it has one already.");
    }

    private static bool WritesRow(RunBundle bundle)
    {
        foreach (var task in bundle.NewTasks)
        {
            if (task.IfUnknown is not null) return true;
        }
        return bundle.Birth is not null || bundle.Row is not null || bundle.Close is not null || bundle.Release || bundle.RequireSeen
        || bundle.NotBefore > Instant.Earliest || bundle.Consumed.Count > 0 || bundle.SignalsTaken != 0 || bundle.Requests is not null || bundle.EndedTasks.Count > 0 || bundle.Data is not null
        || bundle.Children.Count > 0 || bundle.Messages.Count > 0;
    }

    /// <summary>Whether a bundle goes on behind its birth.</summary>
    private static bool HasRest(RunBundle bundle, in BirthOutcome birth) =>
        bundle.Birth is null || (bundle.Owned && birth.Verdict == BirthVerdict.Created);

    private BundleOutcome Apply(RunBundle bundle, BundleOutcome outcome, long worker, Instant now)
    {
        var run = runs.Get(bundle.Run);
        run.Append(bundle.Events);
        foreach (var attempt in bundle.EndedTasks) tasks.Remove(tasks.Get((attempt.Run, attempt.Operation)));
        foreach (var task in bundle.NewTasks)
        {
            if (task.IfUnknown is { } refusal && !workers.Knows(task.Activity))
            {
                run.Inbox.Add(refusal, task.Operation, now);
                runs.SetDue(run, Instant.Min(run.DueAt, now));
            }
            else tasks.Add(run, task, worker);
        }
        if (bundle.CancelTasks.Count > 0) outcome = outcome with { CancelledTasks = Cancel(run, bundle.CancelTasks) };
        foreach (var position in bundle.Consumed) run.Inbox.Remove(position);
        run.Signals -= bundle.SignalsTaken;
        if (!WritesRow(bundle)) return outcome;

        var allRead = run.Inbox.Counter == bundle.Seen;
        if (bundle.Row is { } row) Update(run, row, allRead, now);
        run.Data = bundle.Data ?? run.Data;
        var close = allRead && bundle.Close is not null;
        var release = allRead && bundle.Release && !close;
        if (bundle.Requests is { } changes) outcome = outcome with { ExpiredRequests = RequestTable.Write(run, changes, now) };
        if (close) Close(run, bundle.Close!);
        if (close && bundle.Requests is not null) RequestTable.WithdrawAll(run);
        if (release) runs.SetOwner(run, 0);
        run.Touch(now);
        return outcome with { Inbox = run.Inbox.Counter, Closed = close, Released = release };
    }

    private void Update(RunRow run, RunRowUpdate row, bool allRead, Instant now)
    {
        run.Status = row.Status;
        run.Phase = row.Phase;
        // An unread message is work, whatever its owner thinks that the run is waiting for.
        runs.SetDue(run, allRead ? row.DueAt : now);
        run.Waiting = row.Waiting ?? default;
        run.Published = row.Published ?? run.Published;
        if (row.ClearCrashes) run.Crashes = 0;
    }

    private void Close(RunRow run, RunClose close)
    {
        run.Append(close.Event);
        run.Status = close.Status;
        run.ClosedAt = close.At;
        run.Result = close.Result;
        run.Failure = close.Failure;
        run.Waiting = default;
        run.Published = close.Published ?? run.Published;
        runs.SetDue(run, Instant.Never);
        runs.SetOwner(run, 0);
        if (!close.KeepQueued) tasks.RemoveAll(run);
    }

    /// <summary>Removes queued tasks and names them; tells running ones to stop.</summary>
    private List<int> Cancel(RunRow run, IReadOnlyList<int> operations)
    {
        var removed = new List<int>();
        foreach (var operation in operations)
        {
            if (tasks.Find(run.Key, operation) is not { } task)
            {
                // Removed by an earlier request whose answer nobody has used.
                if (!run.Inbox.HoldsResultOf(operation)) removed.Add(operation);
                continue;
            }
            if (task.Owner != 0)
            {
                task.StopRequested = true;
                continue;
            }
            tasks.Remove(task);
            removed.Add(operation);
        }
        return removed;
    }

    private BundleOutcome Recall(RunBundle bundle, long worker)
    {
        var outcome = bundle.Birth is { } birth ? new BundleOutcome { Birth = births.Recall(birth) } : new BundleOutcome();
        if (!HasRest(bundle, outcome.Birth)) return outcome;
        // Only a closed run can have been deleted since.
        if (runs.Find(bundle.Run) is not { } run) return outcome with { Closed = bundle.Close is not null, EndUnheard = bundle.Close is { } gone && sequels.IsUnheard(gone) };
        if (bundle.CancelTasks.Count > 0) outcome = outcome with { CancelledTasks = RecallCancelled(run, bundle.CancelTasks) };
        if (bundle.Requests is { } changes) outcome = outcome with { ExpiredRequests = RequestTable.Expired(run, changes) };
        if (!WritesRow(bundle)) return outcome;

        var left = !run.IsOwnedBy(worker, bundle.Term);
        // A worker that is alive loses a run by its own hand only; so it was this group that closed one which somebody has reopened since.
        var closed = left && bundle.Close is not null && (run.Status.IsTerminal() && run.Term == bundle.Term || workers.Find(worker) is { Alive: true });
        return outcome with { Inbox = run.Inbox.Counter, Closed = closed, EndUnheard = closed && sequels.IsUnheard(bundle.Close!), Released = left && bundle.Release && !closed };
    }

    /// <summary>A task that is gone without having left a result was removed on request.</summary>
    private static List<int> RecallCancelled(RunRow run, IReadOnlyList<int> operations)
    {
        var removed = new List<int>();
        foreach (var operation in operations)
        {
            if (run.Tasks?.ContainsKey(operation) != true && !run.Inbox.HoldsResultOf(operation)) removed.Add(operation);
        }
        return removed;
    }
}
