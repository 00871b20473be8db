namespace Perdure.Storage.Memory;

/// <summary>The unowned work of one queue in the order in which it is claimed: highest priority, earliest due, lowest key.</summary>
internal sealed class DueQueue<TKey> where TKey : IComparable<TKey>
{
    private static readonly IComparer<int> HighestFirst = Comparer<int>.Create(static (a, b) => b.CompareTo(a));

    private readonly SortedDictionary<int, SortedSet<(Instant Due, TKey Key)>> _byPriority = new(HighestFirst);

    public void Add(int priority, Instant due, TKey key)
    {
        if (!_byPriority.TryGetValue(priority, out var items)) _byPriority[priority] = items = [];
        items.Add((due, key));
    }

    public void Remove(int priority, Instant due, TKey key)
    {
        if (!_byPriority.TryGetValue(priority, out var items)) return;
        items.Remove((due, key));
        if (items.Count == 0) _byPriority.Remove(priority);
    }

    /// <summary>What is due at <paramref name="now"/>, in claim order. The queue must not change meanwhile.</summary>
    public IEnumerable<(int Priority, Instant Due, TKey Key)> DueAt(Instant now)
    {
        foreach (var (priority, items) in _byPriority)
        {
            foreach (var (due, key) in items)
            {
                if (due > now) break;
                yield return (priority, due, key);
            }
        }
    }

    /// <summary>As <see cref="DueAt(Instant)"/>, but in the order of the priorities that a rule makes of them by age.</summary>
    public IEnumerable<(int Priority, Instant Due, TKey Key)> DueAt(Instant now, QueueRule rule) => DueAt([this], now, rule);

    /// <summary>What is due in any of <paramref name="queues"/>, as if they were one.</summary>
    public static IEnumerable<(int Priority, Instant Due, TKey Key)> DueAt(IReadOnlyList<DueQueue<TKey>> queues, Instant now, QueueRule rule)
    {
        if (queues.Count == 1 && rule.AgeAfter <= TimeSpan.Zero) return queues[0].DueAt(now);
        return queues.SelectMany(queue => queue.DueAt(now))
            .OrderByDescending(item => rule.PriorityOf(item.Priority, item.Due, now)).ThenBy(static item => item.Due).ThenBy(static item => item.Key);
    }

    /// <summary>When the next item that <paramref name="counts"/> is due, whatever its priority.</summary>
    public Instant Earliest(Predicate<TKey> counts)
    {
        var earliest = Instant.Never;
        foreach (var items in _byPriority.Values)
        {
            foreach (var (due, key) in items)
            {
                if (!counts(key)) continue;
                earliest = Instant.Min(earliest, due);
                break;
            }
        }
        return earliest;
    }
}
