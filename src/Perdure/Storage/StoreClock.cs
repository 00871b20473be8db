namespace Perdure.Storage;

/// <summary>
/// The store's clock as this process knows it: answers of the store, and the monotonic time since they arrived. The process's own wall clock is never asked, so
/// that a wrong one changes nothing. Thread safe.
/// </summary>
/// <remarks>
/// An answer was written at some moment between the question and its arrival, so it is known only within that time. What earlier answers have left open narrows it further.
/// </remarks>
internal sealed class StoreClock(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private Reading _reading = new(default, clock.GetTimestamp(), TimeSpan.Zero, IsAnswer: false);

    /// <summary>The earliest that it can be now.</summary>
    public Instant Now
    {
        get
        {
            var reading = Volatile.Read(ref _reading);
            return reading.At.Add(clock.GetElapsedTime(reading.Timestamp));
        }
    }

    /// <summary>How much later than <see cref="Now"/> it can be at most. Whatever must not come early is counted from there.</summary>
    public TimeSpan Error => Volatile.Read(ref _reading).Error;

    /// <summary>The moment at which the store is asked, for <see cref="Set"/>.</summary>
    public long Ask() => clock.GetTimestamp();

    /// <summary>Takes an answer that has just arrived to a question of <paramref name="asked"/>.</summary>
    public void Set(Instant now, long asked)
    {
        var arrived = clock.GetTimestamp();
        var latest = now.Add(clock.GetElapsedTime(asked, arrived));
        lock (_gate)
        {
            var known = _reading;
            var age = clock.GetElapsedTime(known.Timestamp, arrived);
            var low = known.At.Add(age);
            var high = low.Add(known.Error);
            // Answers that contradict each other: a clock was set, or runs fast, and the new answer counts.
            if (known.IsAnswer && low <= latest && now <= high)
            {
                now = Instant.Max(now, low);
                latest = Instant.Max(now, Instant.Min(latest, high));
            }
            Volatile.Write(ref _reading, new Reading(now, arrived, latest - now, IsAnswer: true));
        }
    }

    private sealed record Reading(Instant At, long Timestamp, TimeSpan Error, bool IsAnswer);
}
