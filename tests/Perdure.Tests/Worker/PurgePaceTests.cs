using Perdure.Worker;

namespace Perdure.Tests.Worker;

public sealed class PurgePaceTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(0, 200)]
    [InlineData(59, 200)]
    [InlineData(60, 100)]
    [InlineData(130, 50)]
    [InlineData(240, 12.5)]
    [InlineData(100_000, 12.5)]
    public void Pause_RoundThatLasts_BecomesShorter(int minutes, double milliseconds) =>
        Assert.Equal(milliseconds, PurgePace.Pause(TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(minutes), Interval).TotalMilliseconds);

    [Fact]
    public void Pause_ShortTransaction_LeavesRoomForOthers_UnlessTheRoundIsLate()
    {
        Assert.Equal(10, PurgePace.Pause(TimeSpan.FromMilliseconds(1), TimeSpan.Zero, Interval).TotalMilliseconds);
        Assert.Equal(2, PurgePace.Pause(TimeSpan.FromMilliseconds(1), Interval, Interval).TotalMilliseconds);
    }
}
