using Perdure.Storage;
using Perdure.Stores.Tests.Contract;

namespace Perdure.Stores.Tests.Differential;

/// <summary>What a worker's control lane does: taking runs and tasks, ending attempts; and its reading of inboxes.</summary>
internal sealed partial class CommandStream
{
    private int _results;

    private async Task ClaimRunsAsync()
    {
        var worker = AnyWorker();
        var stamp = worker.Stamp(0);
        var claim = new RunClaim(stamp, Pick<string[]>(["q1", "q2"], ["q1"], ["q2", "none"]), _random.Next(5), _random.Next(3));
        if (Chance(4)) Assert.False(await ResolveAsync(stamp));
        var claimed = await AskAsync($"claim {claim.Limit} runs of {string.Join(' ', claim.Queues)} {stamp}",
            target => target.ClaimRunsAsync(claim, Never));
        Fenced(worker, stamp, claimed.Fenced);
        coverage.Note(claimed.Fenced ? "runs Fenced" : claimed.Runs.Count > 0 ? "runs claimed" : "runs None");
        coverage.Note("runs held back from a paused worker", claimed.Orders.IsPaused);
        coverage.Note("claimed by one of several builds", claimed.Runs.Count > 0 && worker.Codes is not null && _workers.Exists(other => other.Codes?.Count != worker.Codes.Count));
        if (Chance(20) && await ResolveAsync(stamp))
        {
            var recalled = await AskAsync("recall run claim", async target =>
            {
                var answer = await target.RecallRunClaimAsync(worker.Key, stamp.Number, Never);
                return answer with { Runs = [.. answer.Runs.OrderBy(run => run.Row.Key)] };
            });
            Assert.Equal(claimed.Runs.OrderBy(run => run.Row.Key).Select(Normal.Text), recalled.Runs.Select(Normal.Text));
            coverage.Note("run claim recalled");
        }
        foreach (var run in claimed.Runs)
        {
            coverage.Note("claimed with a slot", run.Row.HoldsSlot);
            coverage.Note("claimed only to be ended", run.Row.Status == RunStatus.Pending);
            coverage.Note("claimed suspect", run.Row.Crashes >= 2);
            coverage.Note("claimed with messages", run.Messages.Count > 0);
            var view = new StreamRun(run.Row.Key, run.Row.Term, run.Row.Events, FactsOf(run.Row.Key));
            view.Read(run.Row.Inbox, run.Messages);
            worker.Runs.Add(run.Row.Key, view);
        }
    }

    private async Task ReadMessagesAsync()
    {
        var worker = AnyWorker();
        List<long>? asked = Chance(50) ? null : [.. Some(worker.Runs.Keys, 3), 999];
        var inboxes = await AskAsync($"read messages of {worker.Key}", target => target.ReadMessagesAsync(worker.Key, asked, Never));
        foreach (var inbox in inboxes)
        {
            coverage.Note("messages read");
            // A zombie learns of messages only as long as nobody has freed its runs.
            if (worker.Runs.TryGetValue(inbox.Run, out var run)) run.Read(inbox.Counter, inbox.Messages);
        }
    }

    private async Task ClaimTasksAsync()
    {
        var worker = AnyWorker();
        var stamp = worker.Stamp(0);
        List<QueueSlots> slots = [new("t1", _random.Next(4))];
        if (Chance(50)) slots.Add(new("t2", _random.Next(4)));
        var claim = new TaskClaim(stamp, slots, Suspects: _random.Next(3));
        if (Chance(4)) Assert.False(await ResolveAsync(stamp));
        var claimed = await AskAsync($"claim tasks {string.Join(' ', claim.Slots)} {stamp}",
            target => target.ClaimTasksAsync(claim, Never));
        Fenced(worker, stamp, claimed.Fenced);
        coverage.Note(claimed.Fenced ? "tasks Fenced" : claimed.Tasks.Count > 0 ? "tasks claimed" : "tasks None");
        if (Chance(20) && await ResolveAsync(stamp))
        {
            var recalled = await AskAsync("recall task claim", async target =>
            {
                var answer = await target.RecallTaskClaimAsync(worker.Key, stamp.Number, Never);
                return answer with { Tasks = [.. answer.Tasks.OrderBy(Place)] };
            });
            Assert.Equal(claimed.Tasks.OrderBy(Place).Select(Normal.Text), recalled.Tasks.Select(Normal.Text));
            coverage.Note("task claim recalled");
        }
        foreach (var task in claimed.Tasks)
        {
            coverage.Note("task expired", task.Expired);
            coverage.Note("task with a slot", task.HoldsSlot);
            coverage.Note("task crashed", task.Crashes > 0);
            worker.Tasks.Add(task.Attempt);
        }

        static (long, int) Place(ClaimedTask task) => (task.Attempt.Run, task.Attempt.Operation);
    }

    private async Task CompleteAsync()
    {
        var worker = AnyWorker();
        var attempts = SomeAttempts(worker);
        if (attempts.Count == 0) return;
        var stamp = worker.Stamp(0);
        var completions = attempts.ConvertAll(attempt => Make.Completion(attempt, $"task {attempt.Operation} result {_results++}"));
        var live = await FindLiveAsync(attempts);
        var report = await AskAsync($"complete {string.Join(' ', attempts)} {stamp}",
            target => target.CompleteTasksAsync(stamp, completions, Never));
        Fenced(worker, stamp, report.Fenced);
        coverage.Note("complete Fenced", report.Fenced);
        if (report.Fenced) return;
        for (var i = 0; i < attempts.Count; i++)
        {
            coverage.Note($"complete {report.Accepted[i]}");
            worker.Tasks.Remove(attempts[i]);
            // A closed run drops the result; a live one counts a message.
            if (report.Accepted[i] && live[attempts[i].Run]) FactsOf(attempts[i].Run).Arrived++;
        }
    }

    private async Task BeatAsync()
    {
        var worker = AnyWorker();
        var beats = SomeAttempts(worker).ConvertAll(
            attempt => new TaskBeat(attempt, Chance(60) ? Make.Bytes($"[{_random.Next(9)}]") : default));
        var pulse = await AskAsync($"beat {string.Join(' ', beats.Select(beat => beat.Attempt))}",
            target => target.BeatTasksAsync(worker.Key, beats, Never));
        foreach (var beat in beats) coverage.Note(pulse.Stop.Contains(beat.Attempt) ? "beat Stop" : "beat Go");
    }

    /// <summary>Attempts that the worker believes to be its own, and now and then one that is over or was never made.</summary>
    private List<TaskAttempt> SomeAttempts(StreamWorker worker)
    {
        var attempts = Some(worker.Tasks, 3);
        if (Chance(20) && _runs.Count > 0)
            attempts.Add(new(Pick([.. _runs.Values]).Key, _random.Next(1, 5), _random.Next(4)));
        return [.. attempts.Distinct()];
    }

    /// <summary>Which of the runs would count a message now.</summary>
    private async Task<Dictionary<long, bool>> FindLiveAsync(List<TaskAttempt> attempts)
    {
        var live = new Dictionary<long, bool>();
        foreach (var attempt in attempts)
            live[attempt.Run] = await model.ReadRunAsync(new(Key: attempt.Run), Never) is { } row && !row.Status.IsTerminal();
        return live;
    }
}
