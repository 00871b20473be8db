using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Queues by way of the store, which knows of them all. Thread safe.</summary>
internal sealed class QueueClient(ClientParts parts, Patience patience) : IQueueClient
{
    private const int PurgeBatch = 500;

    public Task<IReadOnlyList<QueueInfo>> ListAsync(CancellationToken cancellationToken)
    {
        using var home = new HomeScope(parts.Home);
        return ListCoreAsync(cancellationToken);
    }

    public Task<QueueInfo> GetAsync(string queue, CancellationToken cancellationToken)
    {
        Names.Validate(NameKind.Queue, queue);
        using var home = new HomeScope(parts.Home);
        return GetCoreAsync(queue, cancellationToken);
    }

    public Task<QueueInfo> ConfigureAsync(string queue, QueueSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        return ChangeAsync(new QueueChange(queue) { MaxConcurrency = settings.MaxConcurrency, MaxPerKey = settings.MaxPerKey, AgeAfter = settings.AgeAfter }, cancellationToken);
    }

    public Task<QueueInfo> PauseAsync(string queue, CancellationToken cancellationToken) => ChangeAsync(new QueueChange(queue) { Paused = true }, cancellationToken);

    public Task<QueueInfo> ResumeAsync(string queue, CancellationToken cancellationToken) => ChangeAsync(new QueueChange(queue) { Paused = false }, cancellationToken);

    public Task<QueuePurge> PurgeAsync(string queue, string? reason, CancellationToken cancellationToken)
    {
        Names.Validate(NameKind.Queue, queue);
        using var home = new HomeScope(parts.Home);
        return PurgeCoreAsync(queue, reason is null ? null : SafeText.Shorten(reason, PerdureDefaults.MaxErrorText), cancellationToken);
    }

    private async Task<QueuePurge> PurgeCoreAsync(string queue, string? reason, CancellationToken cancellationToken)
    {
        await parts.ReadyAsync(cancellationToken);
        var runs = await PurgeRunsAsync(queue, RunJson.Write(new CancelRequest(reason)), cancellationToken);
        return new(runs, await PurgeActivitiesAsync(queue, reason, cancellationToken));
    }

    /// <summary>A run is told once however often the call is repeated: an inbox holds one such order.</summary>
    private async Task<int> PurgeRunsAsync(string queue, ReadOnlyMemory<byte> order, CancellationToken cancellationToken)
    {
        var (_, now) = await parts.Submissions.ReserveAsync(cancellationToken);
        var (told, query) = (0, new RunQuery { Queue = queue, Statuses = [RunStatus.Pending], Limit = PurgeBatch });
        while (true)
        {
            var page = await patience.RepeatAsync(token => parts.Store.ListRunsAsync(query, token), cancellationToken);
            var orders = new List<OutgoingMessage>();
            foreach (var run in page.Runs)
                if (run.DueAt <= now) orders.Add(new OutgoingMessage { RunId = run.Id, Id = MessageIds.Cancel, Kind = MessageKind.Cancel, Payload = order });
            if (orders.Count > 0)
            {
                foreach (var outcome in await patience.RepeatAsync(token => parts.Store.PostMessagesAsync(orders, token), cancellationToken))
                    if (outcome.Verdict is PostVerdict.Accepted or PostVerdict.Duplicate) told++;
                parts.Store.Wakeups.Wake();
            }
            if (page.Next is null) return told;
            query = query with { After = page.Next };
        }
    }

    /// <summary>
    /// An activity is withdrawn in the transaction that tells its run, and only if nobody has taken it since it was listed. So it runs or it is withdrawn, whatever becomes of this call.
    /// </summary>
    private async Task<int> PurgeActivitiesAsync(string queue, string? reason, CancellationToken cancellationToken)
    {
        var (withdrawn, query) = (0, new TaskQuery(queue) { Limit = PurgeBatch });
        while (true)
        {
            var page = await patience.RepeatAsync(token => parts.Store.ListTasksAsync(query, token), cancellationToken);
            if (page.Count == 0) return withdrawn;
            var withdrawals = new TaskCompletion[page.Count];
            for (var i = 0; i < withdrawals.Length; i++) withdrawals[i] = TaskWithdrawal.Of(page[i], reason);
            foreach (var done in await patience.RepeatAsync(token => parts.Store.WithdrawTasksAsync(withdrawals, token), cancellationToken))
                if (done) withdrawn++;
            parts.Store.Wakeups.Wake();
            query = query with { After = page[^1].Last };
        }
    }

    private Task<QueueInfo> ChangeAsync(QueueChange change, CancellationToken cancellationToken)
    {
        Names.Validate(NameKind.Queue, change.Queue);
        using var home = new HomeScope(parts.Home);
        return ChangeCoreAsync(change, cancellationToken);
    }

    /// <summary>
    /// A change says how the queue shall be, so it may be repeated until it is so; and it names what it was made behind, so that a copy of it that arrives late, of whatever try,
    /// undoes nothing that was changed since.
    /// </summary>
    private async Task<QueueInfo> ChangeCoreAsync(QueueChange change, CancellationToken cancellationToken)
    {
        await parts.ReadyAsync(cancellationToken);
        var changed = await QueueChanges.MakeAsync(parts.Store, patience, change, cancellationToken);
        // There may be room now for what was held back.
        parts.Store.Wakeups.Wake();
        return Show(changed);
    }

    private async Task<QueueInfo> GetCoreAsync(string queue, CancellationToken cancellationToken)
    {
        await parts.ReadyAsync(cancellationToken);
        var found = await patience.RepeatAsync(token => parts.Store.ListQueuesAsync(queue, token), cancellationToken);
        return found.Count == 0 ? new QueueInfo { Name = queue } : Show(found[0]);
    }

    private async Task<IReadOnlyList<QueueInfo>> ListCoreAsync(CancellationToken cancellationToken)
    {
        await parts.ReadyAsync(cancellationToken);
        var found = await patience.RepeatAsync(token => parts.Store.ListQueuesAsync(null, token), cancellationToken);
        // The engine's own are no concern of operators.
        return [.. found.Where(static queue => queue.Name[0] != '_').Select(Show)];
    }

    private static QueueInfo Show(QueueRecord queue)
    {
        var (rule, load) = (queue.Rule, queue.Load);
        return new QueueInfo
        {
            Name = queue.Name, IsPaused = rule.Paused,
            MaxConcurrency = rule.MaxConcurrency > 0 ? rule.MaxConcurrency : null, MaxPerKey = rule.MaxPerKey > 0 ? rule.MaxPerKey : null,
            AgeAfter = rule.AgeAfter > TimeSpan.Zero ? rule.AgeAfter : null,
            WaitingRuns = load.WaitingRuns, WaitingActivities = load.WaitingTasks, ActiveRuns = load.HeldRuns, ActiveActivities = load.HeldTasks,
            OldestWaitingSince = load.OldestDue.IsNever ? null : load.OldestDue.ToDateTimeOffset(),
        };
    }
}
