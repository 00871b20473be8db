using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Timers;

/// <summary>Durable sleeps: what does not shorten them, what does not take time, and that each takes its own.</summary>
public class SleepTests
{
    private static readonly DateTimeOffset Past = new(2001, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory, EveryStore]
    public async Task E1_NothingButTheClockEndsASleep(StoreKind kind)
    {
        using var store = new TestStore(kind);
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("sleep", async (WorkflowContext ctx, Unit _) =>
        {
            await ctx.SleepAsync("60s");
            return await ctx.WaitForAsync(new Signal<string>("other"), TimeSpan.Zero);
        });
        string id;
        DateTimeOffset due;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var start = store.Clock.GetUtcNow();
            var run = await first.Client.StartAsync("sleep", default(Unit)).Soon();
            id = run.Id;
            due = (await run.WaitsForAsync("timer")).Due!.Value;
            Assert.Equal(start.AddSeconds(60), due);
            await first.AdvanceAsync(TimeSpan.FromSeconds(10));

            await run.SignalAsync("other", "early").Soon();
            Assert.False(await run.ResumeAsync().Soon());
            await Waiting.UntilAsync(async () => (await run.GetHistoryAsync(kinds: [EventKind.SignalReceived])).Count == 1);
            await first.PassAsync();
            // The signal has made the run due at once; the commit that gives it back says when it is due by itself.
            await Waiting.UntilAsync(async () => (await run.GetAsync()).DueAt == due);
            Assert.Equal((RunStatus.Suspended, due), await StateAsync(run));
            // Not stopped: the next worker has to recover it.
        }
        await using var second = await TestEngine.StartAsync(store, Register);
        var handle = second.Client.Handle<string>(id);
        await second.PassAsync();
        Assert.Equal((RunStatus.Suspended, due), await StateAsync(handle));
        await second.AdvanceAsync(due - store.Clock.GetUtcNow() - TimeSpan.FromMilliseconds(1));
        Assert.Equal((RunStatus.Suspended, due), await StateAsync(handle));
        store.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("early", await second.TrickleAsync(handle.ResultAsync()));
        var history = await handle.GetHistoryAsync();
        Assert.Equal(
            ["workflow_started", "sleep_started", "signal_received", "sleep_completed", "signal_consumed", "workflow_completed"], history.Select(e => e.WireName));
        Assert.InRange(history[3].Timestamp, due, due.AddSeconds(1));
    }

    private static async Task<(RunStatus, DateTimeOffset)> StateAsync(RunHandle run)
    {
        var info = await run.GetAsync();
        Assert.Equal(info.DueAt, info.WaitingFor[0].Due);
        return (info.Status, info.DueAt!.Value);
    }

    [Theory, EveryStore]
    public async Task E3_ZeroNegativeAndPastSleepsGoOnAtOnceAndAreRecorded(StoreKind kind)
    {
        using var store = new TestStore(kind);
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("now", async (WorkflowContext ctx, Unit _) =>
        {
            await ctx.SleepAsync(TimeSpan.Zero);
            await ctx.SleepAsync(TimeSpan.FromSeconds(-5));
            await ctx.SleepUntilAsync(Past);
            return await ctx.WaitForAsync(new Signal<string>("go"));
        });
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("now", default(Unit)).Soon();
            id = run.Id;
            // No time has to pass for any of them.
            await run.WaitsForAsync("signal");
        }
        await using var second = await TestEngine.StartAsync(store, Register);
        var handle = second.Client.Handle<string>(id);
        await handle.SignalAsync("go", "gone").Soon();

        Assert.Equal("gone", await second.TrickleAsync(handle.ResultAsync()));
        var history = await handle.GetHistoryAsync();
        Assert.Equal(
            ["workflow_started", "sleep_started", "sleep_completed", "sleep_started", "sleep_completed", "sleep_started", "sleep_completed",
                "wait_started", "signal_received", "workflow_completed"],
            history.Select(e => e.WireName));
        Assert.Equal([0, 0, 1, 1, 2, 2], history.Skip(1).Take(6).Select(e => e.Operation!.Value));
        Assert.All(history.Take(7), e => Assert.Equal(history[0].Timestamp, e.Timestamp));
    }

    [Theory, EveryStore]
    public async Task E4_TwoSleepsAreBothWaitedInFull(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("two", async (WorkflowContext ctx, Unit _) =>
        {
            await ctx.SleepAsync("10s");
            await ctx.SleepAsync("20s");
            return ctx.UtcNow;
        }));
        var start = engine.Clock.GetUtcNow();
        var run = await engine.Client.StartAsync("two", default(Unit)).Soon();
        Assert.Equal(start.AddSeconds(10), (await run.WaitsForAsync("timer")).Due);
        engine.Clock.Advance(TimeSpan.FromSeconds(10));
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await run.GetHistoryAsync(kinds: [EventKind.SleepStarted])).Count == 2));
        var due = (await run.WaitsForAsync("timer")).Due!.Value;
        var woken = (await run.GetHistoryAsync(kinds: [EventKind.SleepCompleted]))[0].Timestamp;
        Assert.Equal(woken.AddSeconds(20), due);
        await engine.AdvanceAsync(due - engine.Clock.GetUtcNow() - TimeSpan.FromMilliseconds(1));
        Assert.Equal(RunStatus.Suspended, await run.StatusAsync());
        engine.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.InRange(await engine.TrickleAsync(run.ResultAsync<DateTimeOffset>()), due, due.AddSeconds(1));
        Assert.True(due >= start.AddSeconds(30));
    }
}
