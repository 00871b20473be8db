namespace Perdure.Storage.Memory;

/// <summary>The unowned tasks of one queue.</summary>
internal sealed class TaskQueue
{
    /// <summary>In claim order.</summary>
    public DueQueue<(long Run, int Operation)> Ready { get; } = new();

    /// <summary>Those that will expire, by when.</summary>
    public SortedSet<(Instant ExpiresAt, (long Run, int Operation) Task)> Expiring { get; } = [];

    /// <summary>When the next of them expires.</summary>
    public Instant EarliestExpiry() => Expiring.Count == 0 ? Instant.Never : Expiring.Min.ExpiresAt;
}
