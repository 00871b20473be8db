using System.Globalization;

namespace Perdure;

/// <summary>When a fan-out is over, and what it is then. Immutable.</summary>
public sealed class FanOutStrategy
{
    private FanOutStrategy(bool failsFast, double? share) => (FailsFast, Share) = (failsFast, share);

    /// <summary>The first failure cancels the rest and is thrown at once, with what there was by then.</summary>
    public static FanOutStrategy FailFast { get; } = new(true, null);

    /// <summary>All items come to their end; failures are among the outcomes.</summary>
    public static FanOutStrategy CollectAll { get; } = new(false, null);

    /// <summary>
    /// Over as soon as so many have succeeded, or cannot any more (<see cref="FanOutResult{T}.IsDoomed"/>); the rest is cancelled.
    /// </summary>
    /// <param name="share">The share of the items that must succeed, more than 0 and at most 1; rounded up to whole items.</param>
    /// <exception cref="InvalidOptionException">The share is out of its range.</exception>
    public static FanOutStrategy Threshold(double share) => share is > 0 and <= 1
        ? new(false, share)
        : throw new InvalidOptionException(nameof(share), string.Create(CultureInfo.InvariantCulture, $"A share is more than 0 and at most 1, not {share}."));

    internal bool FailsFast { get; }

    internal double? Share { get; }

    /// <summary>How many of <paramref name="items"/> must succeed; null when all of them are waited for anyway.</summary>
    internal int? Needed(int items) => Share is { } share ? (int)Math.Ceiling(items * share - 1e-9) : null;
}
