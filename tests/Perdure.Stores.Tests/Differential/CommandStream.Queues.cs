using Perdure.Storage;
using Perdure.Stores.Tests.Contract;

namespace Perdure.Stores.Tests.Differential;

/// <summary>What operators do to queues.</summary>
internal sealed partial class CommandStream
{
    private readonly List<TaskAttempt> _seen = [];

    /// <summary>Often a queue is let go, so that the streams are not about limits only.</summary>
    private async Task ChangeQueueAsync()
    {
        var queue = Pick("q1", "q2", "t1", "t2");
        var change = Chance(60)
            ? new QueueChange(queue) { Paused = false, MaxConcurrency = 0, MaxPerKey = 0, AgeAfter = TimeSpan.Zero }
            : new QueueChange(queue)
            {
                Paused = Chance(40) ? Chance(30) : null, MaxConcurrency = Chance(50) ? _random.Next(4) : null, MaxPerKey = Chance(40) ? _random.Next(3) : null,
                AgeAfter = Chance(30) ? TimeSpan.FromSeconds(_random.Next(4)) : null,
            };
        var changed = await AskAsync($"change {change}", target => target.ChangeQueueAsync(change, Never));
        coverage.Note(changed.Rule.Paused ? "queue paused" : changed.Rule.IsLimited ? "queue limited" : "queue free");
        var name = Chance(50) ? queue : null;
        await AskAsync($"list queues {name}", target => target.ListQueuesAsync(name, Never));
    }

    /// <summary>An operator sees what waits, and withdraws some of it, now and then by what he has seen before.</summary>
    private async Task WithdrawTasksAsync()
    {
        var query = new TaskQuery(Pick("t1", "t2")) { Limit = _random.Next(1, 4), After = _seen.Count > 0 && Chance(20) ? Pick([.. _seen]) : null };
        var listed = (await AskAsync($"list tasks {query}", target => target.ListTasksAsync(query, Never))).Select(static task => task.Last).ToList();
        coverage.Note(listed.Count == 0 ? "tasks to withdraw none" : "tasks to withdraw some");
        var asked = Some(Chance(50) ? listed : _seen, 3);
        _seen.AddRange(listed);
        if (_seen.Count > 20) _seen.RemoveRange(0, 10);
        if (asked.Count == 0) return;
        var live = await FindLiveAsync(asked);
        var before = new Dictionary<long, long>();
        foreach (var (run, isLive) in live)
            if (isLive) before[run] = (await model.ReadRunAsync(new(Key: run), Never))!.Inbox;
        var withdrawals = asked.ConvertAll(static task => Make.Completion(task, $"task {task.Operation} withdrawn {task.Token}"));
        var done = await AskAsync($"withdraw {string.Join(' ', asked)}", target => target.WithdrawTasksAsync(withdrawals, Never));
        foreach (var each in done) coverage.Note($"withdrawn {each}");
        foreach (var (run, inbox) in before) FactsOf(run).Arrived += (await model.ReadRunAsync(new(Key: run), Never))!.Inbox - inbox;
    }
}
