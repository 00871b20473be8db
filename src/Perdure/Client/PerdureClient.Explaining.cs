using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <content>What a run's row and history say together.</content>
internal sealed partial class PerdureClient
{
    public Task<RunExplanation> ExplainAsync(string runId, CancellationToken cancellationToken)
    {
        using var home = Home();
        return ExplainCoreAsync(runId, cancellationToken);
    }

    public Task<RunMoment> GetAtAsync(string runId, int sequence, CancellationToken cancellationToken)
    {
        using var home = Home();
        return GetAtCoreAsync(runId, sequence, cancellationToken);
    }

    public Task<WorkflowGraph> GetGraphAsync(string runId, CancellationToken cancellationToken)
    {
        using var home = Home();
        return GetGraphCoreAsync(runId, cancellationToken);
    }

    private async Task<RunExplanation> ExplainCoreAsync(string runId, CancellationToken cancellationToken)
    {
        var row = await RowAsync(new RunSelector(Id: runId), runId, cancellationToken);
        var run = RunReader.Show(row, _parts.Codec);
        return RunExplainer.Explain(row, run, await SurroundingsAsync(row, run, cancellationToken), await EventsAsync(row, cancellationToken), _parts.Clock.GetUtcNow());
    }

    private async Task<RunSurroundings> SurroundingsAsync(RunRecord row, RunInfo run, CancellationToken cancellationToken)
    {
        // The engine's own queue has no rule, and is nobody's to ask for.
        var queue = row.Queue[0] == '_' ? new QueueInfo { Name = row.Queue } : await Queues.GetAsync(row.Queue, cancellationToken);
        var isLimited = !row.Status.IsTerminal() && row.Owner == 0 && (queue.MaxConcurrency ?? queue.MaxPerKey) is not null;
        var (holders, all) = isLimited ? await HoldersAsync(row.Queue, cancellationToken) : ([], true);
        var crowds = run.WaitingFor.Any(static wait => wait.Kind == "activity");
        IReadOnlyList<QueueInfo> crowded = crowds
            ? [.. (await Queues.ListAsync(cancellationToken)).Where(QueueReasons.HoldsActivities)]
            : [];
        var children = run.WaitingFor.Any(static wait => wait.Kind == "child") ? await ChildrenInTheWayAsync(row.Id, cancellationToken) : [];
        var workers = new WorkerReasons(row.Status.IsTerminal() ? [] : await _workers.ReadAsync(cancellationToken), _parts.Clock.GetUtcNow());
        var tasks = crowds ? await _patience.RepeatAsync(token => _parts.Store.ReadTasksAsync(row.Key, token), cancellationToken) : [];
        return new RunSurroundings(queue, holders, all, crowded, children, workers, tasks);
    }

    /// <summary>Some of the runs of a queue that workers have in their hands, and whether those are all.</summary>
    private async Task<(IReadOnlyList<RunRecord> Holders, bool AreAll)> HoldersAsync(string queue, CancellationToken cancellationToken)
    {
        const int few = 20;
        var running = new RunQuery { Queue = queue, Limit = few, Statuses = [RunStatus.Running] };
        var page = await _patience.RepeatAsync(token => _parts.Store.ListRunsAsync(running, token), cancellationToken);
        var holders = new List<RunRecord>();
        foreach (var run in page.Runs)
        {
            var row = await _patience.RepeatAsync(token => _parts.Store.ReadRunAsync(new RunSelector(Id: run.Id), token), cancellationToken);
            if (row is { Owner: not 0 }) holders.Add(row);
        }
        return (holders, page.Next is null);
    }

    /// <summary>Some of the children that a run waits for: those that stand still until somebody helps, or else any that live.</summary>
    private async Task<IReadOnlyList<RunInfo>> ChildrenInTheWayAsync(string runId, CancellationToken cancellationToken)
    {
        const int few = 5;
        var live = new RunQuery { Parent = runId, Limit = few, Statuses = [RunStatus.Blocked, RunStatus.Paused] };
        var page = await _patience.RepeatAsync(token => _parts.Store.ListRunsAsync(live, token), cancellationToken);
        if (page.Runs.Count == 0)
        {
            live = live with { Statuses = [RunStatus.Pending, RunStatus.Running, RunStatus.Suspended] };
            page = await _patience.RepeatAsync(token => _parts.Store.ListRunsAsync(live, token), cancellationToken);
        }
        var children = new List<RunInfo>(page.Runs.Count);
        foreach (var child in page.Runs)
            if (await _patience.RepeatAsync(token => _parts.Store.ReadRunAsync(new RunSelector(Id: child.Id), token), cancellationToken) is { } row) children.Add(RunReader.Show(row, _parts.Codec));
        return children;
    }

    private async Task<RunMoment> GetAtCoreAsync(string runId, int sequence, CancellationToken cancellationToken)
    {
        var row = await RowAsync(new RunSelector(Id: runId), runId, cancellationToken);
        var history = await EventsAsync(row, cancellationToken);
        if (sequence < 0 || sequence >= history.Length)
            throw new InvalidOptionException(nameof(sequence), $"The run '{runId}' has {history.Length} events, numbered from 0; there is no event {sequence}.");
        return MomentReader.Read(history, sequence, RunSettings.Read(row.Options).Continued, _parts.Codec);
    }

    private async Task<WorkflowGraph> GetGraphCoreAsync(string runId, CancellationToken cancellationToken)
    {
        var row = await RowAsync(new RunSelector(Id: runId), runId, cancellationToken);
        var history = await EventsAsync(row, cancellationToken);
        var progress = new GraphProgress();
        var known = _parts.Workflows.Find(row.Workflow, row.Version)?.Graph;
        var end = known is null ? null : await _parts.Code.ReplayAsync(row, history, progress, cancellationToken);
        return GraphReader.Read(RunReader.Show(row, _parts.Codec), history, RunSettings.Read(row.Options).Continued?.Hooks, known, progress, end);
    }
}
