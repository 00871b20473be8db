using Perdure.Storage;
using Perdure.Testing.Shared;

namespace Perdure.Tests.Worker;

/// <summary>What a process knows of the store's clock, and how well.</summary>
public sealed class StoreClockTests
{
    private static readonly Instant Zero = Instant.From(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ManualClock _time = new();
    private readonly StoreClock _clock;

    public StoreClockTests() => _clock = new StoreClock(_time);

    [Fact]
    public void Error_OfTheFirstAnswer_IsAllTheTimeThatItTook()
    {
        Answer(after: 20, says: 5);

        Assert.Equal(At(5), _clock.Now);
        Assert.Equal(TimeSpan.FromMilliseconds(20), _clock.Error);
    }

    [Fact]
    public void Set_AnAnswerThatTookLonger_TellsNothingNew()
    {
        Answer(after: 2, says: 1);
        Answer(after: 500, says: 10);

        // 502 ms have passed; the first answer left 2 ms open.
        Assert.Equal(At(501), _clock.Now);
        Assert.Equal(TimeSpan.FromMilliseconds(2), _clock.Error);
    }

    [Fact]
    public void Now_AndItsError_HoldTheTrueTimeBetweenThem()
    {
        var random = new Random(7);
        for (var i = 0; i < 1000; i++)
        {
            var takes = random.Next(0, 200);
            Answer(after: takes, says: random.Next(0, takes + 1));
            var now = Instant.From(_time.GetUtcNow());
            Assert.True(_clock.Now <= now && now <= _clock.Now.Add(_clock.Error), $"{_clock.Now} to {_clock.Now.Add(_clock.Error)} without {now}");
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(0, 50)));
        }
    }

    [Fact]
    public void Set_AClockThatWasPutBack_IsBelieved()
    {
        Answer(after: 2, says: 1);
        _time.Advance(TimeSpan.FromSeconds(1));
        var asked = _clock.Ask();
        _clock.Set(Zero, asked);

        Assert.Equal(Zero, _clock.Now);
    }

    /// <summary>An answer that takes so many milliseconds, and was written so many after the question.</summary>
    private void Answer(int after, int says)
    {
        var asked = _clock.Ask();
        var written = Instant.From(_time.GetUtcNow().AddMilliseconds(says));
        _time.Advance(TimeSpan.FromMilliseconds(after));
        _clock.Set(written, asked);
    }

    private static Instant At(double ms) => Zero.Add(TimeSpan.FromMilliseconds(ms));
}
