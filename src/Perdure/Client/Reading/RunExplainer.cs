using System.Globalization;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Says in words why a run does not move, from its row and its history.</summary>
internal static class RunExplainer
{
    /// <summary>The reason of a run that whoever took it had no code for.</summary>
    private const string NoCode = "UnknownWorkflow";

    public static RunExplanation Explain(RunRecord row, RunInfo run, RunSurroundings around, EventRecord[] history, DateTimeOffset now)
    {
        var reasons = new List<RunReason>();
        switch (run.Status)
        {
            case RunStatus.Blocked:
                reasons.Add(new($"It is blocked since {When(Last(history, EventKind.RunBlocked)?.At.ToDateTimeOffset())} ({run.BlockedReason}): {run.BlockedDetail}", $"perdure resume {run.Id}"));
                if (run.BlockedReason == NoCode) reasons.Add(around.Workers.OfMissingCode(run));
                break;
            case RunStatus.Paused:
                reasons.Add(new($"{Stopped(history, "it")}.", $"perdure resume {run.Id}"));
                break;
            case RunStatus.Pending when run.DueAt > now:
                reasons.Add(new($"It was started for {When(run.DueAt)}."));
                break;
            case RunStatus.Pending:
                reasons.Add(QueueReasons.OfDue(row, run, around));
                break;
            case RunStatus.Running or RunStatus.Suspended:
                ExplainLive(row, run, around, history, now, reasons);
                break;
            case RunStatus.Completed:
                reasons.Add(new($"It has completed at {When(run.ClosedAt)}."));
                break;
            case RunStatus.ContinuedAsNew:
                reasons.Add(new($"It goes on as \"{run.ContinuedAs}\" since {When(run.ClosedAt)}.", $"perdure explain {run.ContinuedAs}"));
                break;
            default:
                var why = run.Error is { } error ? $" ({error.Code}: {error.Message})" : "";
                reasons.Add(new($"It has ended as {run.Status} at {When(run.ClosedAt)}{why}.", $"perdure retry {run.Id}"));
                break;
        }
        if (run.Phase == RunPhase.Cancelling && !run.Status.IsTerminal()) reasons.Add(new($"It was asked to cancel{Asked(history)}, and its cleanup has not ended.", $"perdure terminate {run.Id}"));
        if (run.Crashes > 0 && !run.Status.IsTerminal())
            reasons.Add(new(string.Create(CultureInfo.InvariantCulture, $"Its worker was lost {run.Crashes} times in a row while it drove this run; at {row.MaxCrashes} the run is blocked.")));
        return new RunExplanation(run.Id, run.Status, reasons);
    }

    private static void ExplainLive(RunRecord row, RunInfo run, RunSurroundings around, EventRecord[] history, DateTimeOffset now, List<RunReason> reasons)
    {
        foreach (var step in StepReader.Read(history))
        {
            if (step.Status == RunStepStatus.Queued)
                reasons.Add(QueueReasons.OfQueued(step, AtOf(history, step.Operation), around));
            else if (step.Status == RunStepStatus.Running)
                reasons.Add(new($"\"{step.Name}\" runs since {When(step.StartedAt)} (attempt {step.Attempts})."));
            else if (step.Status == RunStepStatus.RetryWait)
                reasons.Add(new($"Attempt {step.Attempts} of \"{step.Name}\" has failed{(step.Error is { } error ? $" ({error.Code}: {error.Message})" : "")}; the next one is due at {When(DueOf(history, step.Operation))}."));
        }
        foreach (var wait in run.WaitingFor)
        {
            var until = wait.Due is { } due ? $" until {When(due)}" : "";
            var reason = wait.Kind switch
            {
                "timer" => new RunReason($"It sleeps{until}."),
                "signal" => new RunReason($"It waits for the signal \"{wait.Name}\"{Since(history, EventKind.WaitStarted, wait.Name)}{until}.", $"perdure signal {run.Id} {wait.Name.Split(", ")[0]} JSON"),
                "limit" => new RunReason($"It waits for something with a limit{until}."),
                "child" when around.Children.Count == 0 => new RunReason($"It waits for a child, a run of \"{wait.Name}\"."),
                // Nobody but those to whom it was given has the token: the store holds its hash.
                "hook" => new RunReason($"It waits for somebody outside to answer the hook \"{wait.Name}\"{Since(history, EventKind.HookCreated, wait.Name)}{until}.", "perdure hooks resume TOKEN JSON"),
                "input" => new RunReason($"It waits for an answer to \"{wait.Name}\"{Since(history, EventKind.InputRequested, wait.Name)}{until}.", $"perdure inputs answer {run.Id} {wait.Name} JSON"),
                "retry" when wait.Name == run.Workflow => new RunReason($"Its last attempt has failed; the next begins at {When(wait.Due)}."),
                _ => null,
            };
            if (reason is not null) reasons.Add(reason);
        }
        foreach (var child in around.Children) reasons.Add(OfChild(child));
        var isDue = !row.DueAt.IsNever && row.DueAt.ToDateTimeOffset() <= now;
        if (row.Owner == 0 && isDue) reasons.Insert(0, QueueReasons.OfDue(row, run, around));
        else if (row.Owner == 0)
        {
            if (QueueReasons.OfNotDue(around.Queue) is { } held) reasons.Add(held);
            if (around.Workers.OfNotDue(run) is { } idle) reasons.Add(idle);
        }
        if (reasons.Count == 0) reasons.Add(Otherwise(row));
    }

    private static RunReason Otherwise(RunRecord row)
    {
        if (row.Owner != 0) return new("A worker has it and runs its code or a step that has just begun.");
        // Behind a loss a run may wait for a moment before it is taken again.
        return new(row.DueAt.IsNever ? "Nobody has it, and nothing of it is due." : $"Nobody has it; it is due at {When(row.DueAt.ToDateTimeOffset())}.");
    }

    private static RunReason OfChild(RunInfo child)
    {
        var waits = $"It waits for its child \"{child.Id}\" (\"{child.Workflow}\")";
        return child.Status switch
        {
            RunStatus.Blocked => new($"{waits}, which is Blocked ({child.BlockedReason}): {child.BlockedDetail}", $"perdure resume {child.Id}"),
            RunStatus.Paused => new($"{waits}, which an operator has stopped.", $"perdure resume {child.Id}"),
            _ => new($"{waits}, which is {child.Status}.", $"perdure explain {child.Id}"),
        };
    }

    /// <summary>Who has stopped it, when and why, as far as that is known.</summary>
    private static string Stopped(EventRecord[] history, string what)
    {
        if (Last(history, EventKind.RunPaused) is not { } paused) return $"An operator has stopped {what}";
        var order = RunJson.ReadPause(paused.Data);
        return $"{order.By ?? "An operator"} has stopped {what} at {When(paused.At.ToDateTimeOffset())}{(order.Reason is null ? "" : $" ({order.Reason})")}";
    }

    /// <summary>Who has asked it to cancel, and why, as far as that is known.</summary>
    private static string Asked(EventRecord[] history)
    {
        if (Last(history, EventKind.CancelRequested) is not { } asked) return "";
        var request = RunJson.ReadCancel(asked.Data);
        return $"{(request.By is null ? "" : $" by {request.By}")}{(request.Reason is null ? "" : $" ({request.Reason})")} at {When(asked.At.ToDateTimeOffset())}";
    }

    private static EventRecord? Last(EventRecord[] history, EventKind kind)
    {
        for (var i = history.Length - 1; i >= 0; i--)
            if (history[i].Kind == kind) return history[i];
        return null;
    }

    private static string Since(EventRecord[] history, EventKind begin, string name)
    {
        for (var i = history.Length - 1; i >= 0; i--)
            if (history[i].Kind == begin && history[i].Name == name) return $" since {When(history[i].At.ToDateTimeOffset())}";
        return "";
    }

    private static DateTimeOffset? AtOf(EventRecord[] history, int operation)
    {
        for (var i = history.Length - 1; i >= 0; i--)
            if (history[i].Operation == operation) return history[i].At.ToDateTimeOffset();
        return null;
    }

    private static DateTimeOffset? DueOf(EventRecord[] history, int operation)
    {
        for (var i = history.Length - 1; i >= 0; i--)
            if (history[i].Operation == operation) return history[i].Due.IsNever ? null : history[i].Due.ToDateTimeOffset();
        return null;
    }

    public static string When(DateTimeOffset? at) => at is { } known ? known.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "an unknown time";
}
