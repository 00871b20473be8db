namespace Perdure;

/// <summary>A worker process when it was read. Immutable.</summary>
public sealed record WorkerInfo
{
    /// <summary>Its number. A process that registers anew has another one.</summary>
    public required long Number { get; init; }

    /// <summary>What the process calls itself: <see cref="PerdureOptions.WorkerName"/>, or host and process. Several may have one name.</summary>
    public required string Name { get; init; }

    /// <summary>When it registered.</summary>
    public DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Until when it counts as alive unless it renews.</summary>
    public DateTimeOffset LeaseUntil { get; init; }

    /// <summary>The queues that it serves, each with the number of its activities that it runs at once. Empty if it does not say, being of an older build.</summary>
    public IReadOnlyDictionary<string, int> Queues { get; init; } = new Dictionary<string, int>();

    /// <summary>The workflows that it has code for, by name, each with its versions. Empty also if it does not say.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>> Workflows { get; init; } = new Dictionary<string, IReadOnlyList<int>>();

    /// <summary>The activities that it has code for, by name.</summary>
    public IReadOnlyList<string> Activities { get; init; } = [];

    /// <summary>Whether it takes nothing, because an operator said so.</summary>
    public bool IsPaused => PausedAt is not null;

    /// <summary>Since when it is paused; null while it takes work.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    /// <summary>Who has paused it; null if that is not known.</summary>
    public string? PausedBy { get; init; }

    /// <summary>Why it is paused; null if that is not known.</summary>
    public string? PauseReason { get; init; }

    /// <summary>Runs that it has in its hands.</summary>
    public int ActiveRuns { get; init; }

    /// <summary>Activities that it has in its hands.</summary>
    public int ActiveActivities { get; init; }
}
