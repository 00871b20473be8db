namespace Perdure.Storage.Memory;

/// <summary>Taking tasks off their queues from outside.</summary>
internal sealed class WithdrawalCommands(TaskTable tasks, MessageCommands messages)
{
    public IReadOnlyList<QueuedTask> List(TaskQuery query, Instant now)
    {
        var waiting = new List<QueuedTask>();
        if (!tasks.Queues.TryGetValue(query.Queue, out var queue)) return waiting;
        foreach (var (_, _, key) in queue.Ready.DueAt(now))
        {
            if (query.After is not { } after || key.CompareTo((after.Run, after.Operation)) < 0) waiting.Add(Show(tasks.Get(key)));
        }
        waiting.Sort(static (a, b) => (b.Last.Run, b.Last.Operation).CompareTo((a.Last.Run, a.Last.Operation)));
        if (waiting.Count > query.Limit) waiting.RemoveRange(query.Limit, waiting.Count - query.Limit);
        return waiting;
    }

    public IReadOnlyList<bool> Withdraw(IReadOnlyList<TaskCompletion> withdrawals, Instant now)
    {
        var done = new bool[withdrawals.Count];
        for (var i = 0; i < done.Length; i++)
        {
            var (attempt, result) = withdrawals[i];
            if (tasks.Find(attempt.Run, attempt.Operation) is not { } task || !task.IsAttemptOf(worker: 0, attempt.Token))
            {
                done[i] = messages.Holds(attempt.Run, result.Id);
                continue;
            }
            tasks.Remove(task);
            messages.Post(result, task.Run, attempt.Operation, now);
            done[i] = true;
        }
        return done;
    }

    private static QueuedTask Show(TaskRow task) => new(new TaskAttempt(task.Run.Key, task.Task.Operation, task.Token), task.Task.Activity);
}
