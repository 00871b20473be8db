namespace Perdure.Storage;

/// <summary>
/// The store's clock as this process knows it: the last answer plus the monotonic time since it arrived. The process's own wall clock is never asked, so
/// that a wrong one changes nothing. Thread safe.
/// </summary>
internal sealed class StoreClock(TimeProvider clock)
{
    private Reading _reading = new(default, clock.GetTimestamp());

    public Instant Now
    {
        get
        {
            var reading = Volatile.Read(ref _reading);
            return reading.At.Add(clock.GetElapsedTime(reading.Timestamp));
        }
    }

    /// <summary>Takes an answer that has just arrived.</summary>
    public void Set(Instant now) => Volatile.Write(ref _reading, new Reading(now, clock.GetTimestamp()));

    private sealed record Reading(Instant At, long Timestamp);
}
