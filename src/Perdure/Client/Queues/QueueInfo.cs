namespace Perdure;

/// <summary>A queue when it was read. Immutable.</summary>
public sealed record QueueInfo
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether nothing is taken from it.</summary>
    public bool IsPaused { get; init; }

    /// <summary>How many of its runs and activities may be worked on at once, by all workers; null for any number.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>How many of those with one concurrency key; null for any number.</summary>
    public int? MaxPerKey { get; init; }

    /// <summary>How long something waits for each point of priority that it gains; null for never.</summary>
    public TimeSpan? AgeAfter { get; init; }

    /// <summary>Runs that are due and wait for a worker.</summary>
    public int WaitingRuns { get; init; }

    /// <summary>Activities that are due and wait for a worker.</summary>
    public int WaitingActivities { get; init; }

    /// <summary>Runs that a worker has in its hands. Runs that only wait, for a time or a message, are given back and do not count.</summary>
    public int ActiveRuns { get; init; }

    /// <summary>Activities that a worker has in its hands.</summary>
    public int ActiveActivities { get; init; }

    /// <summary>Since when the oldest of what waits is due; null if nothing waits.</summary>
    public DateTimeOffset? OldestWaitingSince { get; init; }
}
