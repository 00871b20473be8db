using System.Globalization;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Says in words how queues hold back a run, or its activities.</summary>
internal static class QueueReasons
{
    /// <summary>How many of those that hold slots are named.</summary>
    public const int Named = 5;

    /// <summary>Why nobody has taken a run that is due.</summary>
    public static RunReason OfDue(RunRecord row, RunInfo run, RunSurroundings around)
    {
        var queue = around.Queue;
        var due = $"It is due since {RunExplainer.When(run.DueAt)}";
        if (queue.IsPaused) return new($"{due}, and its queue \"{queue.Name}\" is paused.", $"perdure queues resume {queue.Name}");
        if (IsFull(queue)) return new($"{due}, and {Full(queue, "its queue")}{Holding(around.Holders)}.", $"perdure queues limit {queue.Name} --concurrency N");
        if (queue.MaxPerKey is { } ofKey && row.ConcurrencyKey is { } key)
        {
            var same = around.Holders.Where(holder => holder.ConcurrencyKey == key).ToList();
            // Of activities nobody tells which key they count under.
            if (same.Count + queue.ActiveActivities >= ofKey || !around.KnowsAllHolders)
                return new(string.Create(CultureInfo.InvariantCulture, $"{due}, and of its key \"{key}\" at most {ofKey} runs and activities of the queue \"{queue.Name}\" are worked on at once{Holding(same)}."), $"perdure queues limit {queue.Name} --per-key N");
        }
        var why = around.Workers.OfDue(run);
        return new($"{due}, and no worker has taken it from the queue \"{run.Queue}\": {why.Text}", why.Command);
    }

    /// <summary>What will hold a run back that waits for something else now.</summary>
    public static RunReason? OfNotDue(QueueInfo queue) =>
        queue.IsPaused ? new($"Its queue \"{queue.Name}\" is paused: nobody takes the run when it is due.", $"perdure queues resume {queue.Name}") : null;

    /// <summary>Why an activity that was put on its queue has not ended.</summary>
    public static RunReason OfQueued(RunStep step, DateTimeOffset? since, RunSurroundings around)
    {
        var queued = $"The activity \"{step.Name}\" is queued since {RunExplainer.When(since)}";
        if (around.Tasks.FirstOrDefault(task => task.Operation == step.Operation) is not { } task) return new($"{queued} and has ended: its outcome is on its way to the run.");
        if (task.Owner != 0) return new($"The activity \"{step.Name}\", which was queued at {RunExplainer.When(since)}, is in the hands of {around.Workers.Holder(task.Owner)}.");
        if (around.Crowded.FirstOrDefault(queue => queue.Name == task.Queue) is { } crowded)
        {
            return new($"{queued}. Activities wait where a rule of the queue holds them back: {(crowded.IsPaused ? $"the queue \"{crowded.Name}\" is paused" : Full(crowded, "the queue"))}.",
                crowded.IsPaused ? $"perdure queues resume {crowded.Name}" : $"perdure queues limit {crowded.Name} --concurrency N");
        }
        var why = around.Workers.OfQueued(task);
        return new($"{queued}, and no worker has taken it from the queue \"{task.Queue}\": {why.Text}", why.Command);
    }

    /// <summary>Whether a rule keeps activities from beginning that wait on a queue.</summary>
    public static bool HoldsActivities(QueueInfo queue) => queue.WaitingActivities > 0 && (queue.IsPaused || IsFull(queue));

    private static bool IsFull(QueueInfo queue) => queue.MaxConcurrency is { } most && queue.ActiveRuns + queue.ActiveActivities >= most;

    private static string Full(QueueInfo queue, string which) => string.Create(CultureInfo.InvariantCulture,
        $"{which} \"{queue.Name}\" is full: {queue.ActiveRuns + queue.ActiveActivities} of at most {queue.MaxConcurrency} at work (runs: {queue.ActiveRuns}, activities: {queue.ActiveActivities})");

    private static string Holding(IReadOnlyList<RunRecord> holders)
    {
        if (holders.Count == 0) return "";
        var named = string.Join(", ", holders.Take(Named).Select(static holder => $"\"{holder.Id}\""));
        return $"; among them {named}{(holders.Count > Named ? ", …" : "")}";
    }
}
