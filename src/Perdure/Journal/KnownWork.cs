using System.Diagnostics;

namespace Perdure.Journal;

/// <summary>
/// Counts bodies that were released and have not come back from their synchronous part. While there are some, the next turns are about to
/// arrive, and a lane that waits a moment for them writes one group instead of two halves.
/// </summary>
internal sealed class KnownWork
{
    private int _outstanding;

    public void Enter() => Interlocked.Increment(ref _outstanding);

    public void Leave() => Interlocked.Decrement(ref _outstanding);

    /// <summary>Gives the processor away until nothing is outstanding, at most for <paramref name="limit"/>.</summary>
    public void Linger(TimeProvider clock, TimeSpan limit)
    {
        if (Volatile.Read(ref _outstanding) == 0) return;
        var start = clock.GetTimestamp();
        while (Volatile.Read(ref _outstanding) > 0 && clock.GetElapsedTime(start) < limit) Thread.Yield();
    }
}
