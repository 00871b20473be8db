using Perdure.PostgreSql.Wakeups;
using Perdure.Testing.Shared;

namespace Perdure.Stores.Tests.PostgreSql;

public sealed class AudienceTests
{
    private const HintKind Everything = HintKind.Work | HintKind.Ends | HintKind.News;

    private readonly ManualClock _time = new();

    [Fact]
    public void Of_BeforeAnythingIsKnown_IsEverything()
    {
        var audience = new Audience(_time);
        Assert.Equal(Everything, audience.Of(Everything));

        audience.Listens(true);
        Assert.Equal(Everything, audience.Of(Everything));

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(HintKind.Work, audience.Of(Everything));

        audience.Listens(false);
        Assert.Equal(Everything, audience.Of(Everything));
    }

    [Fact]
    public void Note_CountsForItsKindAndItsTime()
    {
        var audience = new Audience(_time);
        audience.Listens(true);
        _time.Advance(TimeSpan.FromSeconds(6));

        audience.Note(HintKind.WaitsForEnds);
        Assert.Equal(HintKind.Work | HintKind.Ends, audience.Of(Everything));

        _time.Advance(Audience.Lifetime - TimeSpan.FromSeconds(1));
        audience.Note(HintKind.WaitsForNews);
        Assert.Equal(Everything, audience.Of(Everything));

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HintKind.Work | HintKind.News, audience.Of(Everything));
    }

    [Fact]
    public void Wait_IsSaidOnce_AndAgainAsLongAsSomebodyWaits()
    {
        var said = new List<HintKind>();
        var interest = new Interest(_time, said.Add);

        var first = interest.Wait(HintKind.WaitsForEnds, new LocalSubscription());
        interest.Wait(HintKind.WaitsForEnds, new LocalSubscription()).Dispose();
        interest.Remind();
        Assert.Equal([HintKind.WaitsForEnds], said);

        _time.Advance(Interest.Interval);
        interest.Remind();
        Assert.Equal([HintKind.WaitsForEnds, HintKind.WaitsForEnds], said);

        first.Dispose();
        first.Dispose();
        _time.Advance(Interest.Interval);
        interest.Remind();
        Assert.Equal(2, said.Count);

        interest.Wait(HintKind.WaitsForNews, new LocalSubscription());
        Assert.Equal(HintKind.WaitsForNews, said[^1]);
    }

    [Fact]
    public void Answer_SaysWhatIsWaitedFor_HoweverShortlyItWasSaid()
    {
        var said = new List<HintKind>();
        var interest = new Interest(_time, said.Add);
        interest.Answer();
        Assert.Empty(said);

        interest.Wait(HintKind.WaitsForEnds, new LocalSubscription());
        interest.Wait(HintKind.WaitsForNews, new LocalSubscription());
        said.Clear();
        interest.Answer();
        Assert.Equal([HintKind.WaitsForEnds | HintKind.WaitsForNews], said);
    }

    [Fact]
    public void AWord_IsSaidAgainLongBeforeItIsForgotten() => Assert.True(Interest.Interval * 2 + TimeSpan.FromSeconds(30) < Audience.Lifetime);

    [Theory]
    [InlineData("2 other", 2)]
    [InlineData("49 other", 49)]
    [InlineData("2 me", 0)]
    [InlineData("something else", 7)]
    [InlineData("", 7)]
    public void Read_TakesWhatItCannotReadAsEverything(string text, int expected) => Assert.Equal((HintKind)expected, HintText.Read(text, "me"));

    private sealed class LocalSubscription : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
