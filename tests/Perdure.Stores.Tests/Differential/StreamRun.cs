using Perdure.Storage;

namespace Perdure.Stores.Tests.Differential;

/// <summary>What an owner believes of its run.</summary>
internal sealed class StreamRun(long key, int term, int next, RunFacts facts)
{
    public long Key => key;

    public int Term => term;

    public RunFacts Facts => facts;

    public int Next { get; set; } = next;

    public long Seen { get; set; }

    /// <summary>Messages that were read and not yet consumed.</summary>
    public List<InboxMessage> Unread { get; } = [];

    public void Read(long counter, IReadOnlyList<InboxMessage> messages)
    {
        Seen = counter;
        Unread.Clear();
        Unread.AddRange(messages);
    }
}

/// <summary>What is true of a run whoever owns it.</summary>
internal sealed class RunFacts
{
    /// <summary>The next operation that gets a task.</summary>
    public int NextOperation { get; set; } = 1;

    /// <summary>Operations whose task has not been ended by an event.</summary>
    public SortedSet<int> Open { get; } = [];

    /// <summary>How many messages ever arrived.</summary>
    public long Arrived { get; set; }

    /// <summary>Whether it has ended.</summary>
    public bool Closed { get; set; }

    /// <summary>Whether another run has started it.</summary>
    public bool IsChild { get; init; }

    /// <summary>Keys of runs that it started, or that the one started in whose place it goes on.</summary>
    public HashSet<long> Parented { get; init; } = [];

    /// <summary>How often the run was reopened.</summary>
    public int Reopened { get; set; }
}
