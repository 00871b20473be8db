namespace Perdure.Storage;

/// <summary>
/// A point in time on the store's clock: microseconds since 1970-01-01T00:00:00Z. One plain number, because it is compared and stored
/// far more often than it is shown. Immutable and safe to share.
/// </summary>
/// <param name="Micros">Microseconds since the Unix epoch.</param>
public readonly record struct Instant(long Micros) : IComparable<Instant>
{
    /// <summary>Later than every other instant: what is due <c>Never</c> is woken only by a message.</summary>
    public static readonly Instant Never = new(long.MaxValue);

    /// <summary>Earlier than every other instant.</summary>
    public static readonly Instant Earliest = new(long.MinValue);

    /// <summary>Whether this is <see cref="Never"/>.</summary>
    public bool IsNever => Micros == long.MaxValue;

    /// <summary>The instant of <paramref name="time"/>, cut to whole microseconds.</summary>
    public static Instant From(DateTimeOffset time) => new((time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);

    /// <summary>The same instant as a <see cref="DateTimeOffset"/> in UTC. <see cref="Never"/> becomes <see cref="DateTimeOffset.MaxValue"/>.</summary>
    public DateTimeOffset ToDateTimeOffset() => IsNever
        ? DateTimeOffset.MaxValue
        : new DateTimeOffset(DateTimeOffset.UnixEpoch.Ticks + Micros * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    /// <summary>The instant <paramref name="duration"/> later, rounded up to a whole microsecond so that nothing is ever due early.</summary>
    public Instant Add(TimeSpan duration) => IsNever
        ? Never
        : new(Micros + (duration.Ticks > 0 ? duration.Ticks + TimeSpan.TicksPerMicrosecond - 1 : duration.Ticks) / TimeSpan.TicksPerMicrosecond);

    /// <summary>The earlier of two instants.</summary>
    public static Instant Min(Instant a, Instant b) => a.Micros <= b.Micros ? a : b;

    /// <summary>The later of two instants.</summary>
    public static Instant Max(Instant a, Instant b) => a.Micros >= b.Micros ? a : b;

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Micros.CompareTo(other.Micros);

    /// <summary>The time from <paramref name="earlier"/> to <paramref name="later"/>.</summary>
    public static TimeSpan operator -(Instant later, Instant earlier) => Subtract(later, earlier);

    /// <summary>The time from <paramref name="earlier"/> to <paramref name="later"/>.</summary>
    public static TimeSpan Subtract(Instant later, Instant earlier) => later.IsNever
        ? TimeSpan.MaxValue
        : TimeSpan.FromTicks((later.Micros - earlier.Micros) * TimeSpan.TicksPerMicrosecond);

    /// <summary>Whether <paramref name="a"/> is before <paramref name="b"/>.</summary>
    public static bool operator <(Instant a, Instant b) => a.Micros < b.Micros;

    /// <summary>Whether <paramref name="a"/> is after <paramref name="b"/>.</summary>
    public static bool operator >(Instant a, Instant b) => a.Micros > b.Micros;

    /// <summary>Whether <paramref name="a"/> is not after <paramref name="b"/>.</summary>
    public static bool operator <=(Instant a, Instant b) => a.Micros <= b.Micros;

    /// <summary>Whether <paramref name="a"/> is not before <paramref name="b"/>.</summary>
    public static bool operator >=(Instant a, Instant b) => a.Micros >= b.Micros;

    /// <inheritdoc/>
    public override string ToString() => IsNever ? "never" : ToDateTimeOffset().ToString("O", System.Globalization.CultureInfo.InvariantCulture);
}
