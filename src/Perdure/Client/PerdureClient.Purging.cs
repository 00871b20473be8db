using Perdure.Storage;

namespace Perdure.Client;

/// <content>Deleting many runs.</content>
internal sealed partial class PerdureClient
{
    public Task<PurgeReport> PurgeAsync(PurgeOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        using var home = Home();
        return PurgeCoreAsync(options, cancellationToken);
    }

    private async Task<PurgeReport> PurgeCoreAsync(PurgeOptions options, CancellationToken cancellationToken)
    {
        await _parts.ReadyAsync(cancellationToken);
        var purge = new RunPurge { Rules = Rules(options), Limit = options.BatchSize, DryRun = options.DryRun };
        var runs = new SortedDictionary<RunStatus, int>();
        while (true)
        {
            var page = await _patience.RepeatAsync(token => _parts.Store.PurgeRunsAsync(purge, token), cancellationToken);
            foreach (var (status, count) in page.Runs) runs[status] = runs.GetValueOrDefault(status) + count;
            if (page.Next is null) return new PurgeReport(runs);
            purge = purge with { After = page.Next };
        }
    }

    private static PurgeRule[] Rules(PurgeOptions options)
    {
        var statuses = new HashSet<RunStatus>(options.Statuses);
        var (rules, count) = (new PurgeRule[statuses.Count], 0);
        foreach (var status in statuses) rules[count++] = new PurgeRule(status, options.OlderThan);
        return rules;
    }
}
