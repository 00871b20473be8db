namespace Perdure;

/// <summary>What became of all items, in their order. <see cref="Total"/> is always the sum of the three counts. Immutable.</summary>
/// <typeparam name="T">The results' type.</typeparam>
public sealed class FanOutResult<T>
{
    internal FanOutResult(IReadOnlyList<FanOutItem<T>> items, bool isDoomed)
    {
        Items = items;
        IsDoomed = isDoomed;
        foreach (var item in items)
        {
            if (item.Outcome == FanOutOutcome.Completed) SuccessCount++;
            else if (item.Outcome == FanOutOutcome.Failed) FailedCount++;
            else CancelledCount++;
        }
    }

    /// <summary>Every item, in the order in which they were given.</summary>
    public IReadOnlyList<FanOutItem<T>> Items { get; }

    /// <summary>How many items there were.</summary>
    public int Total => Items.Count;

    /// <summary>How many have a result.</summary>
    public int SuccessCount { get; }

    /// <summary>How many failed.</summary>
    public int FailedCount { get; }

    /// <summary>How many were cancelled, or never started.</summary>
    public int CancelledCount { get; }

    /// <summary>Whether every item has a result; true for no items.</summary>
    public bool AllSucceeded => SuccessCount == Total;

    /// <summary>Whether a threshold could not be reached any more.</summary>
    public bool IsDoomed { get; }

    /// <summary>The results that there are, in the order of the items.</summary>
    public IReadOnlyList<T> Values
    {
        get
        {
            var values = new List<T>(SuccessCount);
            foreach (var item in Items)
                if (item.Outcome == FanOutOutcome.Completed) values.Add(item.Value!);
            return values;
        }
    }

    /// <summary>Items with a result, and all others.</summary>
    public (IReadOnlyList<FanOutItem<T>> Succeeded, IReadOnlyList<FanOutItem<T>> Others) Partition()
    {
        var (succeeded, others) = (new List<FanOutItem<T>>(SuccessCount), new List<FanOutItem<T>>());
        foreach (var item in Items) (item.Outcome == FanOutOutcome.Completed ? succeeded : others).Add(item);
        return (succeeded, others);
    }
}
