using System.Text.Json.Serialization;
using Perdure.Schedules.Cron;

namespace Perdure;

/// <summary>When a schedule is due: a cron expression, an interval, or single instants. Immutable.</summary>
/// <example><code>ScheduleTimes.Cron("0 3 * * MON-FRI")</code></example>
public sealed record ScheduleTimes
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);

    [JsonConstructor]
    internal ScheduleTimes()
    {
    }

    /// <summary>The cron expression; null for none.</summary>
    [JsonInclude]
    public string? Expression { get; internal init; }

    /// <summary>The interval; null for none.</summary>
    [JsonInclude]
    public TimeSpan? Interval { get; internal init; }

    /// <summary>From which instant intervals are counted; null for the Unix epoch.</summary>
    [JsonInclude]
    public DateTimeOffset? Anchor { get; internal init; }

    /// <summary>Single instants, in order; null for none.</summary>
    [JsonInclude]
    public IReadOnlyList<DateTimeOffset>? Instants { get; internal init; }

    /// <summary>
    /// Times of a clock on the wall, in the zone of <see cref="ScheduleOptions.Zone"/>: five fields (minute, hour, day of month, month, day of week) or six (a second first), with names,
    /// ranges, lists, steps, <c>L</c>, <c>W</c> and <c>#</c>; or <c>@hourly</c>, <c>@daily</c>, <c>@weekly</c>, <c>@monthly</c>, <c>@yearly</c>.
    /// </summary>
    /// <remarks>
    /// When both day fields are restricted, a day that fits either is meant. A time that the clock skips in spring comes once, right behind the gap; a time that it shows twice in
    /// autumn comes once, the first time. Expressions with <c>*</c>, a step or a range in their second, minute or hour follow the time that goes by.
    /// </remarks>
    /// <param name="expression">The expression.</param>
    /// <exception cref="InvalidOptionException">It is none, or means a date that never comes; the message names the field.</exception>
    public static ScheduleTimes Cron(string expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        try
        {
            if (CronExpression.Parse(expression).NextAfter(DateTime.UnixEpoch) is null) throw new FormatException("it means a date that never comes");
        }
        catch (FormatException e)
        {
            throw new InvalidOptionException("ScheduleTimes.Cron", $"'{Authoring.SafeText.Shorten(expression, 100)}' is no cron expression: {e.Message}.", inner: e);
        }
        return new ScheduleTimes { Expression = expression };
    }

    /// <summary>Every so often.</summary>
    /// <param name="interval">The interval, a second or more. The time that goes by counts, not the clock on the wall.</param>
    /// <param name="anchor">From which instant intervals are counted; null (the default) for midnight of 1 January 1970 in UTC, so that an hourly schedule is due on the hour.</param>
    /// <exception cref="InvalidOptionException">The interval is shorter than a second.</exception>
    public static ScheduleTimes Every(TimeSpan interval, DateTimeOffset? anchor = null)
    {
        if (interval < ShortestInterval || interval > PerdureDefaults.MaxSleep)
            throw new InvalidOptionException("ScheduleTimes.Every", $"An interval lasts a second to 10 years, not {Durations.Format(interval)}.");
        return new ScheduleTimes { Interval = interval, Anchor = anchor };
    }

    /// <summary>At single instants.</summary>
    /// <param name="instants">The instants; at least one.</param>
    /// <exception cref="InvalidOptionException">There is none, or more than 1,000.</exception>
    public static ScheduleTimes At(params IEnumerable<DateTimeOffset> instants)
    {
        ArgumentNullException.ThrowIfNull(instants);
        DateTimeOffset[] sorted = [.. instants.Distinct().Order()];
        if (sorted.Length is 0 or > 1_000) throw new InvalidOptionException("ScheduleTimes.At", $"A schedule has 1 to 1,000 instants, not {sorted.Length}.");
        return new ScheduleTimes { Instants = sorted };
    }

    /// <summary>Every day at a time.</summary>
    /// <param name="time">The time, to the second.</param>
    public static ScheduleTimes Daily(TimeOnly time) => Cron($"{time.Second} {time.Minute} {time.Hour} * * *");

    /// <summary>Every week on a day at a time.</summary>
    /// <param name="day">The day.</param>
    /// <param name="time">The time, to the second.</param>
    public static ScheduleTimes Weekly(DayOfWeek day, TimeOnly time) => Cron($"{time.Second} {time.Minute} {time.Hour} * * {(int)day}");

    /// <summary>The next times of a schedule with these times, for a look before it is created.</summary>
    /// <param name="count">How many, 1 to 1,000.</param>
    /// <param name="after">Only times behind this instant.</param>
    /// <param name="options">Zone, start and end; null for the defaults. Jitter is not added.</param>
    /// <exception cref="InvalidOptionException">An option breaks a rule.</exception>
    public IReadOnlyList<DateTimeOffset> Next(int count, DateTimeOffset after, ScheduleOptions? options = null)
    {
        if (count is < 1 or > 1_000) throw new InvalidOptionException("count", $"1 to 1,000 times can be asked for, not {count}.");
        options ??= new ScheduleOptions();
        options.Validate();
        var slots = new Schedules.Slots(this, options);
        var times = new List<DateTimeOffset>();
        while (times.Count < count && slots.NextAfter(after) is { } next) times.Add(after = next);
        return times;
    }

    /// <summary>Whether both mean the same times.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(ScheduleTimes? other) => other is not null && Expression == other.Expression && Interval == other.Interval && Anchor == other.Anchor
        && (Instants ?? []).SequenceEqual(other.Instants ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Expression, Interval, Anchor, Instants?.Count);

    /// <summary>The expression, the interval or the number of instants.</summary>
    public override string ToString() => Expression ?? (Interval is { } interval ? $"every {Durations.Format(interval)}" : $"at {Instants?.Count} instants");
}
