using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <content>Acting on many runs.</content>
internal sealed partial class PerdureClient
{
    private const int BulkPage = 100;

    public Task<BulkReport> BulkAsync(BulkAct act, RunFilter filter, BulkOptions? options, CancellationToken cancellationToken)
    {
        OptionRules.CheckDefined(nameof(act), act);
        ArgumentNullException.ThrowIfNull(filter);
        options ??= new BulkOptions();
        options.Validate();
        var query = (filter with { Limit = BulkPage, After = null }).ToQuery();
        if (query.Statuses.Count == 0) query = query with { Statuses = MeantBy(act) };
        using var home = Home();
        return options.DryRun ? LookAsync(query, options, cancellationToken) : BulkCoreAsync(act, query, options, cancellationToken);
    }

    /// <summary>The statuses in which there is something to do.</summary>
    private static RunStatus[] MeantBy(BulkAct act) => act switch
    {
        BulkAct.Retry => [RunStatus.Failed, RunStatus.TimedOut, RunStatus.Blocked],
        BulkAct.Delete => [.. Enum.GetValues<RunStatus>().Where(static status => status.IsTerminal())],
        _ => [.. Enum.GetValues<RunStatus>().Where(static status => !status.IsTerminal())],
    };

    private async Task<BulkReport> LookAsync(RunQuery query, BulkOptions options, CancellationToken cancellationToken)
    {
        var counts = await CountCoreAsync(query, cancellationToken);
        var tally = new BulkTally();
        foreach (var run in (await ListCoreAsync(query, cancellationToken)).Runs)
            if (tally.Found < (options.AtMost ?? int.MaxValue)) tally.Find(run.Id);
        var report = tally.Report(Math.Min(counts.Values.Sum(), options.AtMost ?? int.MaxValue));
        options.Progress?.Report(report);
        return report;
    }

    /// <summary>From the newest run to the oldest: each is met once, and runs that are started meanwhile are not met.</summary>
    private async Task<BulkReport> BulkCoreAsync(BulkAct act, RunQuery query, BulkOptions options, CancellationToken cancellationToken)
    {
        await _parts.ReadyAsync(cancellationToken);
        var tally = new BulkTally();
        var begin = _parts.Clock.GetTimestamp();
        RunPage page;
        do
        {
            page = await _patience.RepeatAsync(token => _parts.Store.ListRunsAsync(query, token), cancellationToken);
            foreach (var run in page.Runs)
            {
                if (tally.Found == options.AtMost) break;
                var ahead = TimeSpan.FromSeconds((double)tally.Found / options.PerSecond) - _parts.Clock.GetElapsedTime(begin);
                if (ahead > TimeSpan.Zero) await Task.Delay(ahead, _parts.Clock, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                tally.Find(run.Id);
                await ActAsync(act, run.Id, options, tally, cancellationToken);
            }
            query = query with { After = page.Next };
            options.Progress?.Report(tally.Report());
        }
        while (page.Next is not null && tally.Found != options.AtMost);
        return tally.Report();
    }

    private async Task ActAsync(BulkAct act, string run, BulkOptions options, BulkTally tally, CancellationToken cancellationToken)
    {
        try
        {
            switch (act)
            {
                case BulkAct.Cancel:
                    Note(run, await StopAsync(run, MessageIds.Cancel, MessageKind.Cancel, Request(options.Reason, options.Cancel), cancellationToken), tally);
                    return;
                case BulkAct.Terminate:
                    Note(run, await StopAsync(run, MessageIds.Terminate, MessageKind.Terminate, new CancelRequest(Shorten(options.Reason)), cancellationToken), tally);
                    return;
                case BulkAct.Retry:
                    await RetryCoreAsync(run, cancellationToken);
                    break;
                default:
                    await DeleteCoreAsync(run, cancellationToken);
                    break;
            }
            tally.Do();
        }
        catch (PerdureException e) when (e is RunClosedException or RunInUseException or RunNotFoundException)
        {
            tally.Skip(run, e.Code, e.Message);
        }
        catch (PerdureException e)
        {
            tally.Fail(run, e.Code, e.Message);
        }
        catch (StoreException e) when (e.Fault == StoreFault.Data)
        {
            // All other faults are the store's, and no better at the next run.
            tally.Fail(run, e.Code, e.Message);
        }
    }

    private static void Note(string run, CancelOutcome outcome, BulkTally tally)
    {
        if (outcome == CancelOutcome.Recorded) tally.Do();
        else tally.Skip(run, outcome.ToString(), $"The run '{run}' is {outcome}.");
    }
}
