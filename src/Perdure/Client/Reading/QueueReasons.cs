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
        return new($"{due}, and no worker has taken it from the queue \"{run.Queue}\". Is one running that serves it, and has code for \"{run.Workflow}\" version {run.Version.ToString(CultureInfo.InvariantCulture)}?",
            $"perdure worker --queue {run.Queue}=10");
    }

    /// <summary>What will hold a run back that waits for something else now.</summary>
    public static RunReason? OfNotDue(QueueInfo queue) =>
        queue.IsPaused ? new($"Its queue \"{queue.Name}\" is paused: nobody takes the run when it is due.", $"perdure queues resume {queue.Name}") : null;

    /// <summary>Why an activity that is queued may not have begun.</summary>
    public static RunReason OfQueued(RunStep step, DateTimeOffset? since, IReadOnlyList<QueueInfo> crowded)
    {
        var queued = $"The activity \"{step.Name}\" is queued since {RunExplainer.When(since)}.";
        if (crowded.Count == 0) return new($"{queued} Is there a worker that serves its queue and has code for it, with a free slot?", "perdure worker --queue NAME=10");
        var first = crowded[0];
        var rules = string.Join("; ", crowded.Take(Named).Select(static queue => queue.IsPaused ? $"the queue \"{queue.Name}\" is paused" : Full(queue, "the queue")));
        return new($"{queued} Activities wait where a rule of the queue holds them back: {rules}.",
            first.IsPaused ? $"perdure queues resume {first.Name}" : $"perdure queues limit {first.Name} --concurrency N");
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
