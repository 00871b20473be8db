namespace Perdure.Storage;

/// <summary>A queue: what holds its work back, for all workers of the store, and how much of it there is.</summary>
/// <param name="Name">Its name. A queue exists from its first work, or its first change, on.</param>
/// <param name="Rule">What holds its work back.</param>
/// <param name="Load">How much work there was on it when it was read.</param>
public sealed record QueueRecord(string Name, QueueRule Rule, QueueLoad Load)
{
    /// <summary>How often the rules of all queues were changed before it was read; told by a change only.</summary>
    public long Revision { get; init; }
}

/// <summary>What holds the work of a queue back.</summary>
/// <param name="Paused">Whether nothing is taken from it.</param>
/// <param name="MaxConcurrency">How many of its runs and activities workers may hold at once, together; 0 for any number.</param>
/// <param name="MaxPerKey">How many of those with one concurrency key; 0 for any number.</param>
/// <param name="AgeAfter">How long something waits for each point of priority that it gains; zero for never.</param>
public sealed record QueueRule(bool Paused = false, int MaxConcurrency = 0, int MaxPerKey = 0, TimeSpan AgeAfter = default)
{
    /// <summary>Nothing holds its work back.</summary>
    public static QueueRule None { get; } = new();

    /// <summary>Whether what a worker holds of it takes a slot.</summary>
    public bool IsLimited => MaxConcurrency > 0 || MaxPerKey > 0;

    /// <summary>Whether its work is taken by claims only, never by whoever creates it.</summary>
    public bool IsHeld => Paused || IsLimited;

    /// <summary>The rule after a change.</summary>
    public QueueRule After(QueueChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new(change.Paused ?? Paused, change.MaxConcurrency ?? MaxConcurrency, change.MaxPerKey ?? MaxPerKey, change.AgeAfter ?? AgeAfter);
    }

    /// <summary>The priority that counts for something that is due since <paramref name="due"/>.</summary>
    public long PriorityOf(int priority, Instant due, Instant now) =>
        AgeAfter <= TimeSpan.Zero || due >= now ? priority : priority + (now - due).Ticks / AgeAfter.Ticks;
}

/// <summary>Changes what holds a queue back. Members that are null leave what is.</summary>
/// <param name="Queue">Its name.</param>
public sealed record QueueChange(string Queue)
{
    /// <summary>
    /// The revision that the sender has seen: the change is not made if any rule was changed since, so that a late copy of it cannot undo what came behind it. Null: whatever was
    /// changed.
    /// </summary>
    public long? After { get; init; }

    /// <summary>Whether a rule is as the change wants it.</summary>
    public bool IsMade(QueueRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule == rule.After(this);
    }

    /// <summary>Whether nothing is taken from it.</summary>
    public bool? Paused { get; init; }

    /// <summary>How many of its runs and activities workers may hold at once; 0 for any number.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>How many of those with one concurrency key; 0 for any number.</summary>
    public int? MaxPerKey { get; init; }

    /// <summary>How long something waits for each point of priority that it gains; zero for never.</summary>
    public TimeSpan? AgeAfter { get; init; }
}

/// <summary>How much work there is on a queue.</summary>
/// <param name="WaitingRuns">Runs that are due and that nobody has.</param>
/// <param name="WaitingTasks">Activities that are due and that nobody has.</param>
/// <param name="HeldRuns">Runs that a worker has.</param>
/// <param name="HeldTasks">Activities that a worker has, without those that it only ends because they waited too long.</param>
/// <param name="OldestDue">Since when the oldest of what waits is due, or never.</param>
public readonly record struct QueueLoad(int WaitingRuns, int WaitingTasks, int HeldRuns, int HeldTasks, Instant OldestDue)
{
    /// <summary>Nothing at all.</summary>
    public static QueueLoad None => new(0, 0, 0, 0, Instant.Never);
}
