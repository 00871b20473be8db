using System.Globalization;
using Perdure.Authoring;

namespace Perdure.Tests.Authoring;

public class CalendarTests
{
    [Theory]
    [InlineData("2026-03-05T12:00Z", "2026-03-06T09:00Z")] // Thursday
    [InlineData("2026-03-06T08:00Z", "2026-03-09T09:00Z")] // Friday
    [InlineData("2026-03-07T08:00Z", "2026-03-09T09:00Z")]
    [InlineData("2026-03-08T08:00Z", "2026-03-09T09:00Z")]
    public void NextBusinessDay_SkipsTheWeekend(string now, string expected) => Assert.Equal(At(expected), Context(now).NextBusinessDay());

    [Fact]
    public void NextBusinessDay_Zone_DecidesWhichDayItIs()
    {
        // Still Thursday in New York, already Friday in Tokyo.
        var ctx = Context("2026-03-06T02:00Z");
        Assert.Equal(At("2026-03-06T08:00-05:00"), ctx.NextBusinessDay(8, "America/New_York"));
        Assert.Equal(At("2026-03-09T08:00+09:00"), ctx.NextBusinessDay(8, "Asia/Tokyo"));
    }

    [Theory]
    [InlineData(DayOfWeek.Thursday, "2026-03-12")]
    [InlineData(DayOfWeek.Friday, "2026-03-06")]
    [InlineData(DayOfWeek.Wednesday, "2026-03-11")]
    public void NextWeekday_IsStrictlyAfterToday(DayOfWeek day, string expected) =>
        Assert.Equal(At(expected + "T00:00Z"), Context("2026-03-05T12:00Z").NextWeekday(day));

    [Fact]
    public void EndOfDay_IsASecondBeforeTheNext()
    {
        Assert.Equal(At("2026-03-05T23:59:59Z"), Context("2026-03-05T12:00Z").EndOfDay());
        Assert.Equal(At("2026-03-29T23:59:59+02:00"), Context("2026-03-29T00:30Z").EndOfDay("Europe/Berlin"));
    }

    [Fact]
    public void At_GapsAndRepeatedHours_AreResolved()
    {
        var newYork = new ZoneCalendar("America/New_York");
        // 02:30 does not exist that night, 01:30 exists twice that one.
        Assert.Equal(At("2026-03-08T07:00Z"), newYork.At(new(2026, 3, 8), new(2, 30)));
        Assert.Equal(At("2026-11-01T05:30Z"), newYork.At(new(2026, 11, 1), new(1, 30)));
    }

    [Fact]
    public void Zone_Unknown_IsRefused()
    {
        Assert.Throws<InvalidOptionException>(() => Context("2026-03-05T12:00Z").EndOfDay("Mars/Olympus"));
        Assert.Throws<InvalidOptionException>(() => Context("2026-03-05T12:00Z").NextBusinessDay(24));
    }

    private static RecordingContext Context(string now) => new() { Now = At(now) };

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
