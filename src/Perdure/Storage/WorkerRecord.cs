namespace Perdure.Storage;

/// <summary>A worker that is alive, as others see it.</summary>
/// <param name="Worker">Its key.</param>
/// <param name="Id">The id that it registered with.</param>
/// <param name="Name">Host and process, for people.</param>
/// <param name="RegisteredAt">When it registered.</param>
/// <param name="LeaseUntil">Until when it counts as alive unless it renews; in the past if nobody has marked it dead yet.</param>
public sealed record WorkerRecord(long Worker, Guid Id, string Name, Instant RegisteredAt, Instant LeaseUntil)
{
    /// <summary>The activities that it has code for.</summary>
    public IReadOnlyList<string> Activities { get; init; } = [];

    /// <summary>The workflows that it has code for; null if it does not say.</summary>
    public IReadOnlyList<WorkflowCode>? Workflows { get; init; }

    /// <summary>The queues that it serves, each with the number of activities that it runs of it at once; null if it does not say.</summary>
    public IReadOnlyDictionary<string, int>? Queues { get; init; }

    /// <summary>Who has paused it, when and why; null while it takes work.</summary>
    public WorkerPause? Pause { get; init; }

    /// <summary>How often its orders were changed.</summary>
    public long Revision { get; init; }

    /// <summary>Runs that it has in its hands.</summary>
    public int HeldRuns { get; init; }

    /// <summary>Activities that it has in its hands, of each queue.</summary>
    public IReadOnlyDictionary<string, int> HeldTasks { get; init; } = new Dictionary<string, int>();
}

/// <summary>A worker takes nothing.</summary>
/// <param name="At">Since when, by the store's clock.</param>
/// <param name="By">Who said so, for people; null if that is not known.</param>
/// <param name="Reason">Why, for people; null if that is not known.</param>
public sealed record WorkerPause(Instant At, string? By, string? Reason);

/// <summary>Orders a worker to take nothing, or to take work again.</summary>
/// <param name="Worker">Its key.</param>
/// <param name="Paused">Whether it takes nothing.</param>
public sealed record WorkerChange(long Worker, bool Paused)
{
    /// <summary>Who orders it, for people.</summary>
    public string? By { get; init; }

    /// <summary>Why, for people.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// The revision that the sender has seen: the change is not made if the orders of the worker were changed since, so that a late copy of it cannot undo what came behind it.
    /// Null: whatever was changed.
    /// </summary>
    public long? After { get; init; }

    /// <summary>Whether a worker is as the change wants it.</summary>
    public bool IsMade(WorkerRecord worker)
    {
        ArgumentNullException.ThrowIfNull(worker);
        return Paused ? worker.Pause is { } pause && pause.By == By && pause.Reason == Reason : worker.Pause is null;
    }
}

/// <summary>What operators have ordered of a worker.</summary>
/// <param name="Revision">How often that was changed. Of two answers that crossed, the one with the higher number is the later.</param>
/// <param name="IsPaused">Whether it takes nothing.</param>
public readonly record struct WorkerOrders(long Revision, bool IsPaused);
