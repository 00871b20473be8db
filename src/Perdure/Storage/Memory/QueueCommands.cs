namespace Perdure.Storage.Memory;

/// <summary>Changing what holds queues back, and counting what is on them.</summary>
internal sealed class QueueCommands(QueueTable queues, WorkerTable workers, RunTable runs, TaskTable tasks)
{
    public QueueRecord Change(QueueChange change, Instant now)
    {
        var before = queues.RuleOf(change.Queue);
        if (change.After is { } seen && seen != queues.Revision) return new QueueRecord(change.Queue, before, LoadOf(change.Queue, now)) { Revision = queues.Revision };
        var after = before.After(change);
        queues.Revision++;
        queues.Set(change.Queue, after);
        // What is held from here on counts, whoever took it when nothing was counted.
        if (after.IsLimited && !before.IsLimited) CountWhatIsHeld(change.Queue);
        return new QueueRecord(change.Queue, after, LoadOf(change.Queue, now)) { Revision = queues.Revision };
    }

    public IReadOnlyList<QueueRecord> List(string? name, Instant now)
    {
        var names = name is null ? Names() : [name];
        var list = new List<QueueRecord>();
        foreach (var queue in names)
        {
            var record = new QueueRecord(queue, queues.RuleOf(queue), LoadOf(queue, now));
            if (record.Rule != QueueRule.None || record.Load != QueueLoad.None) list.Add(record);
        }
        return list;
    }

    private SortedSet<string> Names()
    {
        var names = new SortedSet<string>(queues.All.Keys, StringComparer.Ordinal);
        foreach (var run in runs.All)
        {
            if (!run.Status.IsTerminal()) names.Add(run.Birth.Queue);
            if (run.Tasks is null) continue;
            foreach (var task in run.Tasks.Values) names.Add(task.Task.Queue);
        }
        return names;
    }

    private QueueLoad LoadOf(string queue, Instant now)
    {
        var load = QueueLoad.None;
        foreach (var run in runs.All)
        {
            if (run.Birth.Queue == queue && !run.Status.IsTerminal())
            {
                if (run.Owner != 0) load = load with { HeldRuns = load.HeldRuns + 1 };
                else if (run.DueAt <= now) load = load with { WaitingRuns = load.WaitingRuns + 1, OldestDue = Instant.Min(load.OldestDue, run.DueAt) };
            }
            if (run.Tasks is null) continue;
            foreach (var task in run.Tasks.Values)
            {
                if (task.Task.Queue != queue || task.Expired) continue;
                if (task.Owner != 0) load = load with { HeldTasks = load.HeldTasks + 1 };
                else if (task.DueAt <= now) load = load with { WaitingTasks = load.WaitingTasks + 1, OldestDue = Instant.Min(load.OldestDue, task.DueAt) };
            }
        }
        return load;
    }

    private void CountWhatIsHeld(string queue)
    {
        foreach (var worker in workers.All)
        {
            foreach (var key in worker.Runs.ToArray())
            {
                // One that is taken only to be ended is still pending.
                if (runs.Get(key) is { } run && run.Birth.Queue == queue && run.Status != RunStatus.Pending) runs.SetOwner(run, worker.Key, holdsSlot: true);
            }
            foreach (var key in worker.Tasks.ToArray())
            {
                if (tasks.Get(key) is { Expired: false } task && task.Task.Queue == queue) tasks.SetSlot(task, holdsSlot: true);
            }
        }
    }
}
