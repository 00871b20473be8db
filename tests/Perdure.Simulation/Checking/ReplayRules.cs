using Microsoft.Extensions.Logging.Abstractions;
using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-12: a history replays in a fresh machine to the same end.</summary>
internal static class ReplayRules
{
    public static void Check(RunCase run)
    {
        if (run.Row is not { } row || !row.Status.IsTerminal() || row.Status is RunStatus.Terminated) return;
        var workflows = new WorkflowRegistry();
        var activities = new ActivityRegistry();
        new Interpreter(run.Cluster.Effects, run.Cluster.Nodes[0]).Register(workflows, activities, [row.Version]);
        var kit = new RuntimeKit(PayloadCodec.Default, activities, null, static () => 0.5, NullLogger.Instance)
        {
            // The code sees tokens, which follow from the installation's secret.
            Hooks = new HookTokens(run.Cluster.Data.KeepAsync("hook-secret", default, default).Result, "", static () => Guid.Empty),
        };
        var seed = new RunSeed(run.Id, row.Workflow, RunSettings.Read(row.Options), row.Deadline, row.Losses);
        var machine = new RunMachine(seed, row.Input, workflows.Find(row.Workflow, row.Version), kit);
        var history = run.Events.Take(run.Events.Count - 1).Select(static committed => committed.Event).ToArray();
        machine.Attach(history, 0, run.Events[^1].Event.At);
        try
        {
            machine.Load([]);
        }
        catch (BlockException e)
        {
            run.Fail("I-12", $"its history does not replay: {e.Message}");
            return;
        }
        if (row.Status == RunStatus.TimedOut && machine.Ending is null) return;
        if (machine.Ending is not { } ending)
        {
            run.Fail("I-12", $"its history replays, but not to its end ({row.Status}).");
            return;
        }
        if (ending.Status != row.Status || !ending.Result.Span.SequenceEqual(row.Result.Span))
            run.Fail("I-12", $"it ended as {row.Status} and replays to {ending.Status}, or to another result.");
        // Whoever loads the history without its end has to assume that a process died in what runs at most once.
        if (machine.Draft.Count > Unfinished(history)) run.Fail("I-12", $"its replay writes {machine.Draft.Count} further events.");
    }

    /// <summary>Steps that had begun at most once and were left behind.</summary>
    private static int Unfinished(EventRecord[] history)
    {
        var open = new HashSet<int>();
        foreach (var e in history)
        {
            if (e.Kind is EventKind.WorkflowRetryScheduled or EventKind.RunReset) open.Clear();
            else if (e.Kind == EventKind.StepStarted) open.Add(e.Operation);
            else if (e.Kind is EventKind.StepCompleted or EventKind.StepFailed) open.Remove(e.Operation);
        }
        return open.Count;
    }
}
