using Perdure.Storage;
using Perdure.Storage.Memory;

namespace Perdure.Simulation;

/// <summary>
/// I-17: whoever takes something from a queue with a rule finds, right behind it, no more held than the rule allows, by the rows and not by what counts along with them.
/// </summary>
internal sealed class QueueRules(World world, MemoryStore data)
{
    public void Taken(ClaimedRuns claimed)
    {
        foreach (var run in claimed.Runs)
            // What is taken only to be ended takes no slot.
            if (run.Row.Status != RunStatus.Pending) Check(run.Row.Queue, run.Row.ConcurrencyKey, $"run {run.Row.Id}");
    }

    public void Taken(ClaimedTasks claimed)
    {
        foreach (var task in claimed.Tasks)
            if (!task.Expired && data.Tasks.Find(task.Attempt.Run, task.Attempt.Operation) is { } row) Check(task.Queue, row.Task.ConcurrencyKey, $"activity {task.Attempt.Operation} of {task.RunId}");
    }

    /// <summary>A worker never has more runs of a queue than its own settings allow.</summary>
    public void Owned(SimStore from, long worker)
    {
        foreach (var (queue, limit) in from.RunLimits)
        {
            var owned = data.Runs.All.Count(run => run.Owner == worker && run.Status != RunStatus.Pending && run.Birth.Queue == queue);
            if (owned > limit) world.Fail("I-17", $"Worker {worker} of {from.Owner} has {owned} runs of queue {queue}; its own limit is {limit}.");
        }
    }

    /// <summary>A group gives its worker nothing of a queue that only claims may give from.</summary>
    public void Written(RunGroup group, GroupOutcome outcome)
    {
        if (outcome.Verdict != GroupVerdict.Committed || data.Queues.All.Count == 0) return;
        for (var i = 0; i < group.Bundles.Count; i++)
        {
            var bundle = group.Bundles[i];
            if (bundle is { Birth: { } birth, Owned: true } && outcome.Bundles[i].Birth.Verdict == BirthVerdict.Created) CheckNotHeld(birth.Queue, $"run {birth.Id}");
            foreach (var task in bundle.NewTasks)
                if (task.Claimed) CheckNotHeld(task.Queue, $"activity {task.Operation} of run {bundle.Run}");
        }
    }

    private void CheckNotHeld(string queue, string what)
    {
        if (data.Queues.Find(queue) is { IsHeld: true }) world.Fail("I-17", $"The {what} was taken past its queue {queue}, which is paused or has limits.");
    }

    private void Check(string queue, string? key, string what)
    {
        if (data.Queues.Find(queue) is not { } rule) return;
        if (rule.Paused) world.Fail("I-17", $"The {what} was taken from the paused queue {queue}.");
        if (rule.MaxConcurrency > 0 && Held(queue, null) is var all && all > rule.MaxConcurrency)
            world.Fail("I-17", $"With the {what}, {all} of queue {queue} are held at once; its limit is {rule.MaxConcurrency}.");
        if (rule.MaxPerKey > 0 && key is not null && Held(queue, key) is var ofKey && ofKey > rule.MaxPerKey)
            world.Fail("I-17", $"With the {what}, {ofKey} of key {key} on queue {queue} are held at once; the limit is {rule.MaxPerKey}.");
    }

    private int Held(string queue, string? key)
    {
        var held = 0;
        foreach (var run in data.Runs.All)
        {
            if (run.Owner != 0 && run.Status != RunStatus.Pending && run.Birth.Queue == queue && (key is null || run.Birth.ConcurrencyKey == key)) held++;
            if (run.Tasks is null) continue;
            foreach (var task in run.Tasks.Values)
                if (task is { Owner: not 0, Expired: false } && task.Task.Queue == queue && (key is null || task.Task.ConcurrencyKey == key)) held++;
        }
        return held;
    }
}
