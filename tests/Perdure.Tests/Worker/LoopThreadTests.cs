using Perdure.Testing.Shared;
using Perdure.Worker;

namespace Perdure.Tests.Worker;

public sealed class LoopThreadTests
{
    private readonly ThreadScheduler _scheduler = new();

    [Fact]
    public async Task Wait_OnALoopsThread_EndsThere_AndNotBeforeItsTime()
    {
        var threads = new List<int>();
        var (asked, waited) = (TimeSpan.FromMilliseconds(30), TimeSpan.Zero);
        await _scheduler.StartLoop("loop", async () =>
        {
            threads.Add(Environment.CurrentManagedThreadId);
            var begun = TimeProvider.System.GetTimestamp();
            await _scheduler.WaitAsync(asked, TimeProvider.System, CancellationToken.None);
            waited = TimeProvider.System.GetElapsedTime(begun);
            threads.Add(Environment.CurrentManagedThreadId);
        });

        Assert.Equal(threads[0], threads[1]);
        Assert.True(waited >= asked, $"waited {waited}");
    }

    [Fact]
    public async Task Wait_OnALoopsThread_LetsItsOtherWorkRun()
    {
        var order = new List<string>();
        await _scheduler.StartLoop("loop", async () =>
        {
            var wait = _scheduler.WaitAsync(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
            await Task.Yield();
            order.Add("work");
            await wait;
            order.Add("waited");
        });

        Assert.Equal(["work", "waited"], order);
    }

    [Fact]
    public async Task Waits_OfOneLoop_EndInTheOrderOfTheirTimes()
    {
        var order = new List<int>();
        await _scheduler.StartLoop("loop", () => Task.WhenAll(WaitAsync(120), WaitAsync(40), WaitAsync(80)));

        Assert.Equal([40, 80, 120], order);

        async Task WaitAsync(int milliseconds)
        {
            await _scheduler.WaitAsync(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, CancellationToken.None);
            order.Add(milliseconds);
        }
    }

    [Fact]
    public async Task Wait_ThatIsStopped_EndsAtOnce()
    {
        using var stop = new CancellationTokenSource();
        var loop = _scheduler.StartLoop("loop", async () =>
        {
            var wait = _scheduler.WaitAsync(TimeSpan.FromHours(1), TimeProvider.System, stop.Token);
            stop.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
            // The alarm that nobody waits for any more does not hold up the next one.
            await _scheduler.WaitAsync(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        });

        await loop.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Wait_ByAnotherClock_IsEndedByThatClock()
    {
        var clock = new ManualClock();
        var wait = _scheduler.WaitAsync(TimeSpan.FromHours(1), clock, CancellationToken.None);
        Assert.False(wait.IsCompleted);
        clock.Advance(TimeSpan.FromHours(1));
        await wait.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
