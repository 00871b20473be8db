namespace Perdure.Storage.Memory;

/// <summary>The end of workers: marking them dead and freeing what they owned. Also what operators order of them.</summary>
internal sealed class WorkerCommands(WorkerTable workers, RunTable runs, TaskTable tasks)
{
    public FenceReport FenceDead(int batch, Instant now)
    {
        var marked = 0;
        foreach (var worker in workers.All)
        {
            if (!worker.Alive || worker.LeaseUntil >= now) continue;
            workers.MarkDead(worker, now);
            marked++;
        }
        var (freedRuns, freedTasks) = (0, 0);
        while (freedRuns < batch && NextRunOfDead() is { } run)
        {
            Free(run, lost: true, now);
            freedRuns++;
        }
        while (freedRuns + freedTasks < batch && NextTaskOfDead() is { } task)
        {
            task.Crashes++;
            tasks.Free(task, LossBackoff.TaskDueAt(task.Crashes, now));
            freedTasks++;
        }
        workers.Prune(now);
        return new FenceReport(marked, freedRuns, freedTasks);
    }

    /// <summary>Answers whether there is such a worker.</summary>
    public bool Retire(long key, Instant now)
    {
        if (workers.Find(key) is not { } worker) return false;
        workers.MarkDead(worker, now);
        foreach (var run in worker.Runs.ToArray()) Free(runs.Get(run), lost: false, now);
        foreach (var task in worker.Tasks.ToArray())
        {
            var row = tasks.Get(task);
            row.Refunds++;
            tasks.Free(row, now);
        }
        return true;
    }

    public WorkerRecord? Change(WorkerChange change, Instant now)
    {
        if (workers.Find(change.Worker) is not { Alive: true } worker) return null;
        if (change.After is { } seen && seen != worker.Revision) return Show(worker);
        worker.Revision++;
        worker.Pause = change.Paused ? new WorkerPause(now, change.By, change.Reason) : null;
        return Show(worker);
    }

    public IReadOnlyList<WorkerRecord> List()
    {
        var list = new List<WorkerRecord>();
        foreach (var worker in workers.All)
            if (worker.Alive) list.Add(Show(worker));
        return list;
    }

    private WorkerRecord Show(WorkerRow worker)
    {
        var held = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var key in worker.Tasks)
        {
            var queue = tasks.Get(key).Task.Queue;
            held[queue] = held.GetValueOrDefault(queue) + 1;
        }
        return new WorkerRecord(worker.Key, worker.Id, worker.Name, worker.RegisteredAt, worker.LeaseUntil)
        {
            Activities = [.. worker.Activities], Workflows = worker.Workflows is { } codes ? [.. codes] : null, Queues = worker.Queues,
            Pause = worker.Pause, Revision = worker.Revision, HeldRuns = worker.Runs.Count, HeldTasks = held,
        };
    }

    private void Free(RunRow run, bool lost, Instant now)
    {
        // A run that is not running needs what its row says, whoever owned it; a running one needs a worker now.
        if (run.Status == RunStatus.Running)
        {
            if (lost)
            {
                run.Crashes++;
                run.Losses++;
            }
            runs.SetDue(run, lost ? LossBackoff.DueAt(run.DueAt, run.Crashes, run.Birth.MaxCrashes, now) : Instant.Min(run.DueAt, now));
        }
        runs.SetOwner(run, 0);
        run.UpdatedAt = now;
    }

    private RunRow? NextRunOfDead()
    {
        RunRow? next = null;
        foreach (var worker in workers.All)
        {
            if (worker.Alive || worker.Runs.Count == 0) continue;
            if (next is null || worker.Runs.Min < next.Key) next = runs.Get(worker.Runs.Min);
        }
        return next;
    }

    private TaskRow? NextTaskOfDead()
    {
        TaskRow? next = null;
        foreach (var worker in workers.All)
        {
            if (worker.Alive || worker.Tasks.Count == 0) continue;
            if (next is null || worker.Tasks.Min.CompareTo(next.Key) < 0) next = tasks.Get(worker.Tasks.Min);
        }
        return next;
    }
}
