using Perdure.Journal;
using Perdure.Storage;
using Perdure.Testing.Shared;

namespace Perdure.Tests.Worker;

/// <summary>How long the engine waits before it calls a store again that has failed.</summary>
public class StoreCallTests
{
    [Theory]
    [InlineData(0.5, 100, 200, 400, 800, 1600, 3200, 5000, 5000)]
    [InlineData(0, 50, 100, 200, 400, 800, 1600, 3200, 5000)]
    [InlineData(1, 150, 300, 600, 1200, 2400, 4800, 5000, 5000)]
    public async Task UntilAnswered_AStoreThatFails_IsCalledAgainAfterWaitsThatDoubleUpToFiveSeconds(double jitter, params int[] waits)
    {
        var clock = new ManualClock();
        var (begun, times, told) = (clock.GetUtcNow(), new List<DateTimeOffset>(), 0);
        var calls = new StoreCalls(clock, () => jitter, TimeSpan.FromSeconds(30)) { OnRetry = (_, failures) => Assert.Equal(++told, failures) };
        var answer = calls.UntilAnsweredAsync(_ =>
        {
            times.Add(clock.GetUtcNow());
            return times.Count > waits.Length ? Task.FromResult("here") : throw new StoreException(StoreFault.Transient, "not now");
        }, CancellationToken.None);
        for (var i = 0; !answer.IsCompleted && i < 60_000; i++) clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("here", await answer);
        Assert.Equal(waits, times.Zip(times.Skip(1), static (from, to) => (int)(to - from).TotalMilliseconds));
        Assert.Equal((begun, waits.Length), (times[0], told));
    }

    [Fact]
    public async Task UntilAnswered_WhatCannotPass_IsNotRepeated()
    {
        var calls = new StoreCalls(new ManualClock(), static () => 0.5, TimeSpan.FromSeconds(30));
        var times = 0;
        await Assert.ThrowsAsync<StoreException>(() => calls.UntilAnsweredAsync<int>(_ => { times++; throw new StoreException(StoreFault.Data, "no"); }, CancellationToken.None));
        Assert.Equal(1, times);
    }
}
