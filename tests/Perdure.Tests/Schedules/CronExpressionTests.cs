using System.Globalization;
using Perdure.Schedules.Cron;

namespace Perdure.Tests.Schedules;

public sealed class CronExpressionTests
{
    [Theory]
    [InlineData("*/20 * * * * *", "2026-02-01T00:00:05Z", "2026-02-01T00:00:20Z")]
    [InlineData("0 9 * * MON-FRI", "2026-02-06T09:00:00Z", "2026-02-09T09:00:00Z")]
    [InlineData("0 22-2 * * *", "2026-02-01T02:00:00Z", "2026-02-01T22:00:00Z")]
    [InlineData("50-10/15 * * * *", "2026-02-01T00:05:00Z", "2026-02-01T00:50:00Z")]
    [InlineData("0 0 * NOV-FEB *", "2026-03-01T00:00:00Z", "2026-11-01T00:00:00Z")]
    [InlineData("0 0 L * *", "2028-02-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 LW * *", "2026-02-01T00:00:00Z", "2026-02-27T00:00:00Z")]
    [InlineData("0 0 1W * *", "2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z")]
    [InlineData("0 0 * * FRI#2", "2026-02-01T00:00:00Z", "2026-02-13T00:00:00Z")]
    [InlineData("0 0 * * 5L", "2026-02-01T00:00:00Z", "2026-02-27T00:00:00Z")]
    [InlineData("0 0 * * 7", "2026-02-02T00:00:00Z", "2026-02-08T00:00:00Z")]
    [InlineData("0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z")]
    [InlineData("@hourly", "2026-02-01T00:00:00Z", "2026-02-01T01:00:00Z")]
    [InlineData("@weekly", "2026-02-02T00:00:00Z", "2026-02-08T00:00:00Z")]
    public void NextAfter_EveryWayToWriteIt_IsRead(string expression, string after, string expected) =>
        Assert.Equal(At(expected), In("UTC", expression).NextAfter(At(after)));

    [Theory]
    [InlineData("0 0 13 * FRI", "2026-02-01T00:00:00Z", "02-06 02-13 02-20 02-27 03-06 03-13")]
    [InlineData("0 0 */10 * FRI", "2026-02-01T00:00:00Z", "02-06 02-11 02-13 02-20 02-21 02-27")]
    [InlineData("0 0 * * FRI", "2026-02-01T00:00:00Z", "02-06 02-13 02-20 02-27 03-06 03-13")]
    [InlineData("0 0 13 * ?", "2026-02-01T00:00:00Z", "02-13 03-13 04-13 05-13 06-13 07-13")]
    public void L21_WhenBothDaysAreRestrictedEitherMatches(string expression, string after, string expected) =>
        Assert.Equal(expected.Split(' '), Next(In("UTC", expression), At(after), 6).Select(slot => slot.ToString("MM-dd", CultureInfo.InvariantCulture)));

    [Fact]
    public void L1_ATimeThatTheClockSkips_ComesOnceRightBehindTheGap()
    {
        var daily = In("America/New_York", "30 2 * * *");
        Assert.Equal([At("2026-03-07T07:30:00Z"), At("2026-03-08T07:00:00Z"), At("2026-03-09T06:30:00Z")], Next(daily, At("2026-03-07T00:00:00Z"), 3));
        Assert.Equal([At("2026-04-23T22:00:00Z"), At("2026-04-24T21:00:00Z")], Next(In("Africa/Cairo", "0 0 * * *"), At("2026-04-23T00:00:00Z"), 2));
        Assert.Equal([At("2026-10-03T15:30:00Z"), At("2026-10-04T15:15:00Z")], Next(In("Australia/Lord_Howe", "15 2 * * *"), At("2026-10-03T00:00:00Z"), 2));
        Assert.Equal([At("2011-12-30T10:00:00Z"), At("2011-12-31T10:00:00Z")], Next(In("Pacific/Apia", "0 0 * * *"), At("2011-12-29T10:00:00Z"), 2));
    }

    [Fact]
    public void L1_ATimeThatTheClockShowsTwice_ComesOnceTheFirstTime() =>
        Assert.Equal([At("2026-11-01T05:30:00Z"), At("2026-11-02T06:30:00Z")], Next(In("America/New_York", "30 1 * * *"), At("2026-11-01T00:00:00Z"), 2));

    [Theory]
    [InlineData("2026-03-08", 46)]
    [InlineData("2026-11-01", 50)]
    public void L3_EveryHalfHourFollowsTheTimeThatGoesBy(string day, int fires)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        var start = new DateTimeOffset(DateTime.Parse(day, CultureInfo.InvariantCulture), zone.GetUtcOffset(DateTime.Parse(day, CultureInfo.InvariantCulture)));
        var next = DateTime.Parse(day, CultureInfo.InvariantCulture).AddDays(1);
        var end = new DateTimeOffset(next, zone.GetUtcOffset(next));
        var slots = Next(In("America/New_York", "*/30 * * * *"), start.AddSeconds(-1), 60).TakeWhile(slot => slot < end).ToList();
        Assert.Equal(fires, slots.Count);
        Assert.All(slots.Zip(slots.Skip(1)), pair => Assert.Equal(TimeSpan.FromMinutes(30), pair.Second - pair.First));
    }

    [Theory]
    [InlineData("", "it has 0 fields")]
    [InlineData("* * * *", "it has 4 fields")]
    [InlineData("60 * * * *", "the minute 60 is not between 0 and 59")]
    [InlineData("* 24 * * *", "the hour 24 is not between 0 and 23")]
    [InlineData("* * 0 * *", "the day of month 0")]
    [InlineData("* * * 13 *", "the month 13")]
    [InlineData("* * * * 8", "the day of week 8")]
    [InlineData("*/0 * * * *", "'/0' is no step")]
    [InlineData("1,,2 * * * *", "'' is no minute")]
    [InlineData("* * L-31 * *", "behind L-")]
    [InlineData("* * * * 1#6", "behind #")]
    [InlineData("* * * FOO *", "JAN to DEC")]
    [InlineData("-1 * * * *", "'' is no minute")]
    [InlineData("@never", "'@never' is not known")]
    public void L18_WhatIsNoExpression_IsRefusedWithTheFieldThatIsWrong(string expression, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => CronExpression.Parse(expression)).Message, StringComparison.Ordinal);

    [Fact]
    public void NextAfter_ADateThatNeverComes_IsNull()
    {
        Assert.Null(In("UTC", "0 0 30 2 *").NextAfter(At("2026-01-01T00:00:00Z")));
        Assert.Null(In("Europe/Berlin", "0 0 31 4,6,9,11 *").NextAfter(At("2026-01-01T00:00:00Z")));
    }

    private static ZonedCron In(string zone, string expression) => new(CronExpression.Parse(expression), TimeZoneInfo.FindSystemTimeZoneById(zone));

    private static List<DateTimeOffset> Next(ZonedCron cron, DateTimeOffset after, int count)
    {
        var slots = new List<DateTimeOffset>();
        while (slots.Count < count && cron.NextAfter(after) is { } next) slots.Add(after = next);
        return slots;
    }

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);
}
