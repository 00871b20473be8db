namespace Perdure.Tests.Authoring;

public class DurationsTests
{
    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("5m", 300_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("1w", 604_800_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("500ms", 500)]
    [InlineData("1m1ms", 60_001)]
    [InlineData("1w2d3h4m5s6ms", 788_645_006)]
    [InlineData("30", 30_000)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("90m", 5_400_000)]
    public void Parse_Duration_IsRead(string text, long milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Durations.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("s")]
    [InlineData("5x")]
    [InlineData("5M")]
    [InlineData("-5s")]
    [InlineData("+5s")]
    [InlineData("1.5h")]
    [InlineData("1h 30m")]
    [InlineData("1h30")]
    [InlineData("30m1h")]
    [InlineData("1h1h")]
    [InlineData("00:05:00")]
    [InlineData("٣s")]
    [InlineData("9999999999999999999s")]
    [InlineData("922337203686w")]
    [InlineData("5ms5")]
    public void TryParse_AnythingElse_IsRefused(string text) =>
        Assert.False(Durations.TryParse(text, out _));

    [Fact]
    public void Parse_Nonsense_SaysHowToWriteIt()
    {
        InvalidOptionException error = Assert.Throws<InvalidOptionException>(() => Durations.Parse("tomorrow"));
        Assert.Equal(ErrorCodes.InvalidDuration, error.Code);
        Assert.Contains("'tomorrow'", error.Message, StringComparison.Ordinal);
        Assert.Contains("1h30m", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOptionException>(() => Durations.Parse(null!));
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(500, "500ms")]
    [InlineData(5_400_000, "1h30m")]
    [InlineData(1_209_600_000, "14d")]
    [InlineData(61_001, "1m1s1ms")]
    [InlineData(-5_000, "-5s")]
    public void Format_Duration_IsShort(long milliseconds, string text) =>
        Assert.Equal(text, Durations.Format(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void Format_AnyDuration_ParsesBack()
    {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++)
        {
            TimeSpan duration = TimeSpan.FromMilliseconds(random.NextInt64(0, 1L << random.Next(1, 49)));
            Assert.Equal(duration, Durations.Parse(Durations.Format(duration)));
        }
        Assert.Equal("1ms", Durations.Format(TimeSpan.FromMilliseconds(0.6)));
        Assert.StartsWith("-10675199d", Durations.Format(TimeSpan.MinValue), StringComparison.Ordinal);
    }

    [Fact]
    public void Helpers_GiveMilliseconds()
    {
        Assert.Equal(30_000, Durations.Seconds(30));
        Assert.Equal(300_000, Durations.Minutes(5));
        Assert.Equal(7_200_000, Durations.Hours(2));
        Assert.Equal(604_800_000, Durations.Days(7));
        Assert.Throws<OverflowException>(() => Durations.Days(long.MaxValue));
    }
}
