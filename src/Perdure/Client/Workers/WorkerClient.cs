using System.Globalization;
using Perdure.Authoring;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Workers by way of the store, which knows of them all. Thread safe.</summary>
internal sealed class WorkerClient(ClientParts parts, Patience patience) : IWorkerClient
{
    public Task<IReadOnlyList<WorkerInfo>> ListAsync(CancellationToken cancellationToken)
    {
        using var home = new HomeScope(parts.Home);
        return ListCoreAsync(cancellationToken);
    }

    public Task<WorkerInfo> PauseAsync(long number, WorkerPauseOptions? options, CancellationToken cancellationToken)
    {
        options?.Validate();
        using var home = new HomeScope(parts.Home);
        var reason = options?.Reason is { } given ? SafeText.Shorten(given, PerdureDefaults.MaxErrorText) : null;
        return ChangeCoreAsync(new WorkerChange(number, Paused: true) { By = options?.By, Reason = reason }, cancellationToken);
    }

    public Task<WorkerInfo> ResumeAsync(long number, CancellationToken cancellationToken)
    {
        using var home = new HomeScope(parts.Home);
        return ChangeCoreAsync(new WorkerChange(number, Paused: false), cancellationToken);
    }

    /// <summary>The rows of all workers that nobody has marked dead.</summary>
    public async Task<IReadOnlyList<WorkerRecord>> ReadAsync(CancellationToken cancellationToken)
    {
        await parts.ReadyAsync(cancellationToken);
        return await patience.RepeatAsync(parts.Store.ListWorkersAsync, cancellationToken);
    }

    private async Task<IReadOnlyList<WorkerInfo>> ListCoreAsync(CancellationToken cancellationToken) => [.. (await ReadAsync(cancellationToken)).Select(Show)];

    private async Task<WorkerInfo> ChangeCoreAsync(WorkerChange change, CancellationToken cancellationToken)
    {
        if (change.Paused && (await ReadAsync(cancellationToken)).FirstOrDefault(worker => worker.Worker == change.Worker) is { Queues: null })
            throw new InvalidOptionException("number", string.Create(CultureInfo.InvariantCulture, $"Worker {change.Worker} is of an older build, which cannot be paused. Update it, pause the queues that it serves, or end it."));
        await parts.ReadyAsync(cancellationToken);
        var changed = await WorkerChanges.MakeAsync(parts.Store, patience, change, cancellationToken) ?? throw new WorkerNotFoundException(change.Worker);
        // The worker hears of it at once; one that takes nothing any more leaves its work to the others.
        parts.Store.Wakeups.Wake();
        return Show(changed);
    }

    private static WorkerInfo Show(WorkerRecord worker)
    {
        var queues = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (queue, activities) in worker.Queues ?? new Dictionary<string, int>())
            if (queue[0] != '_') queues[queue] = activities;
        var workflows = new SortedDictionary<string, IReadOnlyList<int>>(StringComparer.Ordinal);
        foreach (var versions in (worker.Workflows ?? []).Where(static code => code.Workflow[0] != '_').GroupBy(static code => code.Workflow, static code => code.Version))
            workflows[versions.Key] = [.. versions.Distinct().Order()];
        return new WorkerInfo
        {
            Number = worker.Worker, Name = worker.Name, RegisteredAt = worker.RegisteredAt.ToDateTimeOffset(), LeaseUntil = worker.LeaseUntil.ToDateTimeOffset(),
            Queues = queues, Workflows = workflows, Activities = [.. worker.Activities.Order(StringComparer.Ordinal)],
            PausedAt = worker.Pause?.At.ToDateTimeOffset(), PausedBy = worker.Pause?.By, PauseReason = worker.Pause?.Reason,
            ActiveRuns = worker.HeldRuns, ActiveActivities = worker.HeldTasks.Values.Sum(),
        };
    }
}
