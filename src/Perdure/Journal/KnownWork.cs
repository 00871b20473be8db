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

    /// <summary>Whether a body has been let go and has not come back.</summary>
    public bool IsOutstanding => Volatile.Read(ref _outstanding) > 0;
}
