using Perdure.Authoring;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-12: what a run ended with is what its program says, read from beginning to end.</summary>
internal static class ResultRules
{
    public static void Check(RunCase run)
    {
        if (run.Row is not { } row || !row.Status.IsTerminal()) return;
        CheckStatus(run, row.Status);
        if (row.Status != RunStatus.Completed) return;
        var lines = PayloadCodec.Default.Deserialize<string>(row.Result.Span)!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        new Reading(run, lines).Read(run.Program, "");
    }

    /// <summary>Whether its program can end so.</summary>
    public static void CheckStatus(RunCase run, RunStatus status)
    {
        var asked = run.Start.RunTimeoutMs > 0 || run.Posts.Any(static post => post.Kind is MessageKind.Cancel or MessageKind.Terminate)
            || run.Ledger.Posted.Any(static post => post.Message.Kind is MessageKind.Cancel or MessageKind.Terminate);
        var acts = run.Program.Flatten().ToList();
        var mayFail = acts.Any(static act => act.Failing >= act.Tries || act.LimitMs > 0 || act.QueueLimitMs > 0 || act.HeartbeatMs > 0 || act.AtMostOnce)
            || acts.Any(static act => act.Kind == ActKind.Child) || acts.Any(act => act.Kind == ActKind.Fail && act.Failing >= run.Start.Attempts);
        var failure = System.Text.Encoding.UTF8.GetString(run.Row!.Failure.Span);
        // A task that loses its worker again and again is given up.
        mayFail |= failure.Contains("lost its worker");
        mayFail |= WithdrawalRules.Withdrawn(run).Any();
        // An undo can fail for good only behind a failure.
        var mayLeaveUndone = (mayFail || asked || acts.Any(static act => act.Kind == ActKind.Fail)) && acts.Any(static act => act.UndoFailing >= act.Tries);
        var expected = status is RunStatus.Completed || status is RunStatus.ContinuedAsNew && acts.Any(static act => act is { Kind: ActKind.Again, Ms: > 0 }) || mayFail && status is RunStatus.Failed || mayLeaveUndone && status is RunStatus.CompensationFailed || asked;
        // Nobody took it in time, and none of its code has run.
        expected |= run.Start.StartWithinMs > 0 && status is RunStatus.TimedOut && !run.Cluster.Effects.All.Any(effect => effect.RunId == run.Id);
        if (!expected) run.Fail("I-12", $"it ended as {status}, which its program cannot: {failure}");
    }

    /// <summary>Reads a result against the program.</summary>
    private sealed class Reading(RunCase run, string[] lines)
    {
        /// <summary>The first and last line of an act, or null when it saw nothing.</summary>
        public (int First, int Last)? Read(Act act, string path)
        {
            switch (act.Kind)
            {
                case ActKind.Sequence or ActKind.Saga:
                    (int First, int Last)? all = null;
                    for (var i = 0; i < act.Acts.Count; i++)
                    {
                        if (Read(act.Acts[i], $"{path}.{i}") is not { } part) continue;
                        if (all is { } before && part.First < before.Last) run.Fail("I-12", $"its result says that {path}.{i} came before what stands before it.");
                        all = all is { } known ? (known.First, part.Last) : part;
                    }
                    return all;
                case ActKind.All or ActKind.Each:
                    (int First, int Last)? range = null;
                    for (var i = 0; i < act.Acts.Count; i++)
                        if (Read(act.Acts[i], $"{path}.{i}") is { } part) range = range is { } known ? (Math.Min(known.First, part.First), Math.Max(known.Last, part.Last)) : part;
                    return range;
                case ActKind.Any or ActKind.Race or ActKind.Step or ActKind.Activity or ActKind.Sleep or ActKind.Wait or ActKind.SideEffect or ActKind.Facts or ActKind.Data or ActKind.Version or ActKind.Child:
                    var at = Array.FindAll(lines, line => line.StartsWith(path + "=", StringComparison.Ordinal));
                    if (at.Length != 1) run.Fail("I-12", $"its result has {at.Length} lines of {act.Kind} {path}.");
                    var index = Array.FindIndex(lines, line => line.StartsWith(path + "=", StringComparison.Ordinal));
                    // All code of the simulation knows the change, so no run has passed before it. An attempt of the workflow that takes another way than the one before finds records behind
                    // the change, though, and takes itself for older.
                    if (act.Kind == ActKind.Version && !run.Events.Any(static committed => committed.Event.Kind is EventKind.WorkflowRetryScheduled or EventKind.RunReset) && lines[index] != $"{path}=version 2") run.Fail("I-12", $"it was born after the change, and its result says {lines[index]}.");
                    return (index, index);
                default:
                    // A part that may be missing: its own lines are checked by replay.
                    return null;
            }
        }
    }
}
