namespace Perdure.Worker;

/// <summary>A worker's limits and intervals, validated.</summary>
internal sealed record WorkerSettings
{
    /// <summary>A claim that came back full doubles the next one up to here, so that a wave of due timers is not spread out.</summary>
    public const int LargestClaimBatch = 500;

    public TimeSpan Lease { get; init; } = PerdureDefaults.WorkerLease;

    public TimeSpan PollInterval { get; init; } = PerdureDefaults.PollInterval;

    /// <summary>How long a worker without a run asks for nothing when it would hear of everything.</summary>
    public TimeSpan QuietPoll { get; init; } = TimeSpan.FromSeconds(20);

    public int MaxResidentRuns { get; init; } = PerdureDefaults.MaxResidentRuns;

    public int MaxConcurrentSteps { get; init; } = PerdureDefaults.MaxConcurrentSteps;

    public int ClaimBatch { get; init; } = PerdureDefaults.ClaimBatch;

    public TimeSpan ShutdownGrace { get; init; } = PerdureDefaults.ShutdownGrace;

    public TimeSpan StoreTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A run that is due within this time stays in memory instead of being given back.</summary>
    public TimeSpan KeepWarm { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The queue that everything is put on, whatever it asks for, where nobody else could serve another one; null to ask no such thing.</summary>
    public string? OnlyQueue { get; init; }

    /// <summary>Queues from which runs are taken.</summary>
    public IReadOnlyList<string> RunQueues { get; init; } = [PerdureDefaults.Queue];

    /// <summary>Of which of them this worker has only so many runs at a time.</summary>
    public IReadOnlyDictionary<string, int> RunLimits { get; init; } = new Dictionary<string, int>();

    /// <summary>Queues from which activities are taken, with the number that run at once.</summary>
    public IReadOnlyDictionary<string, int> ActivityQueues { get; init; } = new Dictionary<string, int> { [PerdureDefaults.Queue] = PerdureDefaults.QueueConcurrency };

    /// <summary>All queues that are served, with the number of their activities that run at once.</summary>
    public IReadOnlyDictionary<string, int> AllQueues()
    {
        var queues = new Dictionary<string, int>(ActivityQueues, StringComparer.Ordinal);
        foreach (var queue in RunQueues) queues.TryAdd(queue, 0);
        return queues;
    }

    public int HistoryLimit { get; init; } = PerdureDefaults.HistoryLimit;

    /// <summary>How long ended runs are kept; null for ever.</summary>
    public RetentionPolicy? Retention { get; init; }

    /// <summary>Whether blocked runs that fit this worker's code are let go on.</summary>
    public bool ResumeFittingRuns { get; init; }

    /// <summary>What stands before the token of a hook in a link.</summary>
    public string HookUrl { get; init; } = "";

    /// <summary>The secret of hooks; null for the one that the store keeps.</summary>
    public string? HookSecret { get; init; }

    public string Name { get; init; } = "";
}
