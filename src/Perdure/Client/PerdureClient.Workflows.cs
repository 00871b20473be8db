using Perdure.Storage;

namespace Perdure.Client;

/// <content>Which workflows there are.</content>
internal sealed partial class PerdureClient
{
    public Task<IReadOnlyList<WorkflowSummary>> ListWorkflowsAsync(CancellationToken cancellationToken)
    {
        using var home = Home();
        return ListWorkflowsCoreAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<WorkflowSummary>> ListWorkflowsCoreAsync(CancellationToken cancellationToken)
    {
        await _parts.ReadyAsync(cancellationToken);
        var counts = await _patience.RepeatAsync(_parts.Store.CountWorkflowsAsync, cancellationToken);
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var count in counts) names.Add(count.Workflow);
        foreach (var workflow in _parts.Workflows.All)
            if (workflow.Name[0] != '_') names.Add(workflow.Name);
        var runs = counts.ToLookup(static count => count.Workflow, StringComparer.Ordinal);
        return [.. names.Select(name => Summary(name, [.. runs[name]]))];
    }

    private WorkflowSummary Summary(string name, WorkflowCount[] counts)
    {
        var versions = new SortedSet<int>();
        foreach (var workflow in _parts.Workflows.All)
            if (workflow.Name == name) versions.Add(workflow.Version);
        var byStatus = new SortedDictionary<RunStatus, int>();
        WorkflowCount? last = null;
        foreach (var count in counts)
        {
            byStatus[count.Status] = count.Count;
            // Of two that were created at one instant, the status that comes later in a life.
            if (last is not { } newest || count.LastCreatedAt > newest.LastCreatedAt || (count.LastCreatedAt == newest.LastCreatedAt && count.Status > newest.Status)) last = count;
        }
        return new WorkflowSummary { Name = name, Versions = [.. versions], Runs = byStatus, LastCreatedAt = last?.LastCreatedAt.ToDateTimeOffset(), LastStatus = last?.Status };
    }
}
