namespace Perdure.Storage.Memory;

/// <summary>The unowned tasks of one queue.</summary>
internal sealed class TaskQueue
{
    /// <summary>In claim order.</summary>
    public DueQueue<(long Run, int Operation)> Ready { get; } = new();

    /// <summary>Those that will expire, by when.</summary>
    public SortedSet<(Instant ExpiresAt, (long Run, int Operation) Task)> Expiring { get; } = [];

    /// <summary>When the next of them is due or expires.</summary>
    public Instant Earliest() => Expiring.Count == 0 ? Ready.Earliest() : Instant.Min(Ready.Earliest(), Expiring.Min.ExpiresAt);
}
