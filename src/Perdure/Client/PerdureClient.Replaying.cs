using System.Runtime.CompilerServices;
using Perdure.Storage;

namespace Perdure.Client;

/// <content>Whether the code of this process fits what is stored.</content>
internal sealed partial class PerdureClient
{
    private static readonly IReadOnlyList<RunStatus> InFlight = [RunStatus.Pending, RunStatus.Running, RunStatus.Suspended, RunStatus.Paused, RunStatus.Blocked];

    public Task<ReplayCheck> CheckReplayAsync(string runId, CancellationToken cancellationToken)
    {
        using var home = Home();
        return CheckReplayCoreAsync(runId, cancellationToken);
    }

    public async IAsyncEnumerable<ReplayCheck> CheckReplaysAsync(RunFilter? filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        filter = (filter ?? new RunFilter()) with { Limit = PerdureDefaults.MaxListLimit };
        if (filter.Statuses is not { Count: > 0 }) filter = filter with { Statuses = InFlight };
        RunList page;
        do
        {
            page = await ListAsync(filter, cancellationToken);
            foreach (var run in page.Runs)
            {
                ReplayCheck check;
                try
                {
                    check = await CheckReplayAsync(run.Id, cancellationToken);
                }
                catch (RunNotFoundException)
                {
                    // Deleted since.
                    continue;
                }
                yield return check;
            }
            filter = filter with { After = page.Next };
        }
        while (page.Next is not null);
    }

    private async Task<ReplayCheck> CheckReplayCoreAsync(string runId, CancellationToken cancellationToken)
    {
        var row = await RowAsync(new RunSelector(Id: runId), runId, cancellationToken);
        var check = new ReplayCheck { RunId = row.Id, Workflow = row.Workflow, Version = row.Version, Status = row.Status, Verdict = ReplayVerdict.Fits };
        EventRecord[] history;
        try
        {
            history = await EventsAsync(row, cancellationToken);
        }
        catch (HistoryDamagedException e)
        {
            return check with { Verdict = ReplayVerdict.Damaged, Reason = e.Code, Detail = e.Message };
        }
        if (await _parts.Code.ReplayAsync(row, history, progress: null, cancellationToken) is not { } end)
            return check with { Verdict = ReplayVerdict.NoCode, Detail = $"Version {row.Version} of \"{row.Workflow}\" is not registered in this process." };
        if (end.Parting is var (sequence, expected, actual))
            return check with { Verdict = ReplayVerdict.Diverges, Sequence = sequence, Expected = expected, Actual = actual, Reason = end.Reason, Detail = end.Detail };
        if (end.Reason is not null) return check with { Verdict = ReplayVerdict.Blocks, Reason = end.Reason, Detail = end.Detail };
        // Of a run that its code has ended, the new code must end too.
        if (history[^1] is { Kind: EventKind.WorkflowCompleted or EventKind.WorkflowFailed or EventKind.WorkflowContinuedAsNew } last && !end.HasEnded)
            return check with { Verdict = ReplayVerdict.Diverges, Sequence = last.Sequence, Expected = last.Kind.ToString(), Actual = "the code goes on" };
        return check with { Detail = end.Warning };
    }
}
