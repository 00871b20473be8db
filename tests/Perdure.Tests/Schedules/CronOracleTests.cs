using Perdure.Schedules.Cron;
using Quartz;
using CronExpression = Perdure.Schedules.Cron.CronExpression;
using QuartzCron = Quartz.CronExpression;

namespace Perdure.Tests.Schedules;

/// <summary>Cron expressions mean what another library and a walk through every minute say they mean.</summary>
public sealed class CronOracleTests
{
    [Fact]
    public void NextAfter_RandomExpressions_AreWhatQuartzSays()
    {
        var random = new Random(4711);
        var draw = new RandomCron(random);
        for (var i = 0; i < 3_000; i++) Compare(draw.Next(), TimeZoneInfo.Utc, Instant(random), steps: 4);
    }

    [Fact]
    public void NextAfter_InManyZonesAndYears_IsWhatQuartzSays()
    {
        var random = new Random(4712);
        var draw = new RandomCron(random);
        var zones = Zones(random, 40);
        foreach (var zone in zones)
            for (var i = 0; i < 40; i++) Compare(draw.Next(anyHour: false), zone, i % 2 == 0 ? Instant(random) : NearChange(zone, random), steps: 6);
    }

    [Fact]
    public void NextAfter_OfWhatRepeatsAllDay_IsWhatAWalkThroughEveryMinuteFinds()
    {
        var random = new Random(4713);
        string[] expressions = ["*/30 * * * *", "10 * * * *", "15,45 * * * *", "0 */2 * * *", "7/20 1/3 * * *", "*/7 */5 * * *", "5 * * * 0"];
        foreach (var zone in Zones(random, 30))
            foreach (var expression in expressions)
            {
                var from = NearChange(zone, random);
                var until = from.AddHours(30);
                var walk = Walk(expression, zone, from, until);
                Assert.True(walk.SequenceEqual(Slots(expression, zone, from, until)), $"{expression} in {zone.Id} from {from:u}");
            }
    }

    private static void Compare(string expression, TimeZoneInfo zone, DateTimeOffset from, int steps)
    {
        var ours = new ZonedCron(CronExpression.Parse(expression), zone);
        var theirs = QuartzCron.Parse(expression, CronFormat.Unix).WithTimeZone(zone);
        for (var i = 0; i < steps; i++)
        {
            var expected = theirs.GetNextValidTimeAfter(from)?.ToUniversalTime();
            // It does not get over a midnight that a clock skips.
            if (expected <= from || IsInGap(zone, from)) return;
            var actual = ours.NextAfter(from);
            Assert.True(expected == actual, $"{expression} in {zone.Id} after {from:u}: {expected:u} expected, {actual:u} found");
            if (actual is null) return;
            from = actual.Value;
        }
    }

    private static bool IsInGap(TimeZoneInfo zone, DateTimeOffset instant) => zone.IsInvalidTime(TimeZoneInfo.ConvertTime(instant, zone).Date);

    private static List<DateTimeOffset> Slots(string expression, TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset until)
    {
        var cron = new ZonedCron(CronExpression.Parse(expression), zone);
        var slots = new List<DateTimeOffset>();
        for (var next = cron.NextAfter(from); next < until; next = cron.NextAfter(next.Value)) slots.Add(next.Value);
        return slots;
    }

    /// <summary>Every minute at which the zone's clock shows a time that the expression means; what it means is asked of Quartz, in a zone without changes.</summary>
    private static List<DateTimeOffset> Walk(string expression, TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset until)
    {
        var meaning = QuartzCron.Parse(expression, CronFormat.Unix).WithTimeZone(TimeZoneInfo.Utc);
        var slots = new List<DateTimeOffset>();
        for (var minute = from.AddMinutes(1).AddSeconds(-from.Second); minute < until; minute = minute.AddMinutes(1))
        {
            var shown = new DateTimeOffset(TimeZoneInfo.ConvertTime(minute, zone).DateTime, TimeSpan.Zero);
            if (shown.Second == 0 && meaning.IsSatisfiedBy(shown)) slots.Add(minute);
        }
        return slots;
    }

    private static List<TimeZoneInfo> Zones(Random random, int count)
    {
        string[] always = ["America/New_York", "Europe/Berlin", "Africa/Cairo", "Australia/Lord_Howe", "America/Santiago", "Asia/Kathmandu", "Pacific/Chatham", "Europe/Dublin"];
        var others = TimeZoneInfo.GetSystemTimeZones().Where(zone => zone.Id.Contains('/', StringComparison.Ordinal)).ToArray();
        random.Shuffle(others);
        return [.. always.Select(TimeZoneInfo.FindSystemTimeZoneById), .. others.Take(count - always.Length)];
    }

    private static DateTimeOffset Instant(Random random) =>
        new DateTimeOffset(random.Next(1970, 2040), random.Next(1, 13), random.Next(1, 29), 0, 0, 0, TimeSpan.Zero).AddSeconds(random.Next(86_400));

    /// <summary>An instant in the day before a clock is changed; any instant where it never is.</summary>
    private static DateTimeOffset NearChange(TimeZoneInfo zone, Random random)
    {
        var start = new DateTimeOffset(random.Next(1990, 2037), 1, 1, 0, 0, 0, TimeSpan.Zero);
        var changes = Enumerable.Range(0, 365).Select(day => start.AddDays(day)).Where(day => zone.GetUtcOffset(day) != zone.GetUtcOffset(day.AddDays(1))).ToList();
        return changes.Count == 0 ? Instant(random) : changes[random.Next(changes.Count)].AddSeconds(random.Next(-40_000, 40_000));
    }
}
