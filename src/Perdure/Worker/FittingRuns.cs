using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Journal;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>
/// Finds runs that are blocked because no code fitted them, and that this build's code fits: they are let go on. Whether it does is found out by a replay in a machine that writes
/// nothing, so a run is not called in vain.
/// </summary>
internal sealed class FittingRuns(WorkerSession session, IPerdureStore store, StoreCalls calls, WorkflowRegistry workflows, TimeProvider clock, IEntropy entropy)
{
    private const int Page = 100;

    /// <summary>How often a worker looks again: a run that went on may have been taken by a worker with other code.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    /// <summary>Looking does not delay the start; workers that are started together do not look together.</summary>
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(2);

    /// <summary>Goes on until <paramref name="stop"/> fires.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var wait = FirstWait * entropy.NextJitter();
        while (true)
        {
            await Task.Delay(wait, clock, stop);
            wait = Interval;
            // What a paused worker called, nobody might take.
            if (!session.IsPaused) await LookAsync(stop);
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        RunCursor? after = null;
        do
        {
            var query = new RunQuery { Statuses = [RunStatus.Blocked], Limit = Page, After = after };
            var page = await calls.UntilAnsweredAsync(token => store.ListRunsAsync(query, token), stop);
            foreach (var run in page.Runs)
                if (session.Settings.RunQueues.Contains(run.Queue) && workflows.Find(run.Workflow, run.Version) is { } workflow) await TryAsync(run.Id, workflow, stop);
            after = page.Next;
        }
        while (after is not null);
    }

    private async Task TryAsync(string id, WorkflowDescriptor workflow, CancellationToken stop)
    {
        var row = await calls.UntilAnsweredAsync(token => store.ReadRunAsync(new RunSelector(Id: id), token), stop);
        if (row is not { Status: RunStatus.Blocked } || !IsAboutCode(row) || !workflows.Build.Drives(row.Build)) return;
        var history = await calls.UntilAnsweredAsync(token => store.ReadHistoryAsync(row.Key, 0, token), stop);
        if (!Fits(row, history, workflow)) return;
        var order = new OutgoingMessage { RunId = id, Id = entropy.NewId().ToString("N"), Kind = MessageKind.Resume };
        await calls.UntilAnsweredAsync(token => store.PostMessagesAsync([order], token), stop);
        session.Log.RunFits(id);
        session.NoticeDue(Instant.Earliest);
    }

    /// <summary>Whether other code, or another machine, can be what the run needs.</summary>
    private static bool IsAboutCode(RunRecord row) => BlockedInfo.ReasonOf(row.Waiting) is nameof(RunBlockedReason.UnknownWorkflow)
        or nameof(RunBlockedReason.UnsupportedVersion) or nameof(RunBlockedReason.NonDeterminism) or nameof(RunBlockedReason.UndecodablePayload)
        or nameof(RunBlockedReason.UnknownTimeZone);

    private bool Fits(RunRecord row, IReadOnlyList<EventBatch> history, WorkflowDescriptor workflow)
    {
        if (!ReplayRules.Knows(row.EngineSemantics)) return false;
        try
        {
            var events = EventCodec.ReadAll(history, out var checksum);
            var machine = new RunMachine(RunSeed.Of(row, events, workflow, isNew: false), row.Input, workflow, session.Kit);
            machine.Attach(events, checksum, session.Now);
            machine.Load([]);
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever it is, it would block the run again.
            return false;
        }
    }
}
