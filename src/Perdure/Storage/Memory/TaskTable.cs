namespace Perdure.Storage.Memory;

/// <summary>All tasks (they live in their runs) and the indexes over them: unowned ones by queue, owned ones by worker.</summary>
internal sealed class TaskTable(RunTable runs, WorkerTable workers, SlotTable slots)
{
    private readonly SortedDictionary<string, TaskQueue> _queues = new(StringComparer.Ordinal);

    /// <summary>Queues by name; a queue exists from its first task on.</summary>
    public IReadOnlyDictionary<string, TaskQueue> Queues => _queues;

    public TaskRow? Find(long run, int operation) => runs.Find(run)?.Tasks?.GetValueOrDefault(operation);

    public TaskRow Get((long Run, int Operation) key) => Find(key.Run, key.Operation)!;

    /// <summary>The task, if this attempt of it is the current one.</summary>
    public TaskRow? Current(long worker, in TaskAttempt attempt) =>
        Find(attempt.Run, attempt.Operation) is { } task && task.IsAttemptOf(worker, attempt.Token) ? task : null;

    /// <summary>Adds a task of a run; a claimed one belongs to <paramref name="worker"/> at once.</summary>
    public void Add(RunRow run, NewTask task, long worker)
    {
        Add(new TaskRow(run, task) { Owner = task.Claimed ? worker : 0, Token = task.TokensUsed + (task.Claimed ? 1 : 0) });
    }

    public void Add(TaskRow row)
    {
        (row.Run.Tasks ??= []).Add(row.Task.Operation, row);
        Index(row);
    }

    public void Remove(TaskRow task)
    {
        Unindex(task);
        task.Run.Tasks!.Remove(task.Task.Operation);
    }

    public void RemoveAll(RunRow run)
    {
        if (run.Tasks is not { } tasks) return;
        foreach (var task in tasks.Values) Unindex(task);
        tasks.Clear();
    }

    /// <summary>Says whether the owner of a task holds it under a limit of its queue.</summary>
    public void SetSlot(TaskRow task, bool holdsSlot)
    {
        Unindex(task);
        task.HoldsSlot = holdsSlot;
        Index(task);
    }

    /// <summary>Starts an attempt. <paramref name="expired"/>: only to end the task as timed out.</summary>
    public void Claim(TaskRow task, long worker, long claim, bool expired, bool holdsSlot)
    {
        Unindex(task);
        task.HoldsSlot = holdsSlot;
        task.Owner = worker;
        task.Token++;
        task.Claim = claim;
        task.Expired = expired;
        Index(task);
    }

    /// <summary>Puts a task back on its queue.</summary>
    public void Free(TaskRow task, Instant due)
    {
        Unindex(task);
        task.Owner = 0;
        task.Claim = 0;
        task.Expired = false;
        task.HoldsSlot = false;
        task.DueAt = due;
        Index(task);
    }

    private void Index(TaskRow task)
    {
        if (task.Owner != 0)
        {
            workers.Find(task.Owner)!.Tasks.Add(task.Key);
            if (task.HoldsSlot) slots.Enter(task.Task.Queue, task.Task.ConcurrencyKey);
            return;
        }
        var queue = QueueOf(task);
        queue.Ready.Add(task.Task.Priority, task.DueAt, task.Key);
        if (!task.ExpiresAt.IsNever) queue.Expiring.Add((task.ExpiresAt, task.Key));
    }

    private void Unindex(TaskRow task)
    {
        if (task.Owner != 0)
        {
            workers.Find(task.Owner)!.Tasks.Remove(task.Key);
            if (task.HoldsSlot) slots.Leave(task.Task.Queue, task.Task.ConcurrencyKey);
            return;
        }
        var queue = QueueOf(task);
        queue.Ready.Remove(task.Task.Priority, task.DueAt, task.Key);
        queue.Expiring.Remove((task.ExpiresAt, task.Key));
    }

    private TaskQueue QueueOf(TaskRow task)
    {
        if (!_queues.TryGetValue(task.Task.Queue, out var queue)) _queues[task.Task.Queue] = queue = new TaskQueue();
        return queue;
    }
}
