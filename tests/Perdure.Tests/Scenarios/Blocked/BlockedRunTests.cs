using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Blocked;

/// <summary>What is asked of a run while it is blocked, and what becomes of it when the run can go on.</summary>
public class BlockedRunTests
{
    private static readonly Signal<int> Go = new("go");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Theory, EveryStore]
    public async Task F13_SignalsToABlockedRun_AreStored_AndDeliveredInOrderWhenItGoesOn(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        var id = await BlockAsync(store, probe, async run =>
        {
            await run.SignalAsync(Go, 2).Soon();
            await run.SignalAsync(Go, 3).Soon();
        });
        await using var engine = await ResumeAsync(store, probe, id);

        Assert.Equal("1 2 3", await engine.TrickleAsync(engine.Client.Handle<string>(id).ResultAsync()));
        Assert.Equal(["reserve"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task ACancellationOfABlockedRun_IsRecorded_AndServedWhenItGoesOn(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        var id = await BlockAsync(store, probe, static async run =>
        {
            Assert.Equal(CancelOutcome.Recorded, await run.CancelAsync("enough").Soon());
            Assert.Equal(CancelOutcome.AlreadyCancelling, await run.CancelAsync("again").Soon());
        });
        await using var engine = await ResumeAsync(store, probe, id);

        var cancelled = await Assert.ThrowsAsync<RunCancelledException>(() => engine.TrickleAsync(engine.Client.Handle(id).WaitAsync()));
        Assert.Equal("enough", cancelled.Reason);
        Assert.Equal(["reserve", $"clean up {CancellationCause.Request}"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task ABlockedRunBeyondItsTime_IsNotTimedOut_BeforeItCanGoOn(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        var id = await BlockAsync(store, probe, run =>
        {
            store.Clock.Advance(TimeSpan.FromHours(1));
            return Task.CompletedTask;
        });
        await using var engine = await ResumeAsync(store, probe, id);

        // Its cleanup has its grace from now on.
        await Assert.ThrowsAsync<RunTimedOutException>(() => engine.TrickleAsync(engine.Client.Handle(id).WaitAsync()));
        Assert.Equal(["reserve", $"clean up {CancellationCause.Timeout}"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task ATerminationOfABlockedRun_EndsItAtOnce_WithoutItsCode(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        var id = await BlockAsync(store, probe, static async run =>
        {
            Assert.Equal(CancelOutcome.Recorded, await run.CancelAsync("enough").Soon());
            Assert.Equal(CancelOutcome.Recorded, await run.TerminateAsync("away with it").Soon());
        }, RunStatus.Terminated);
        await using var client = TestEngine.ClientOnly(store);

        var info = await client.Client.GetAsync(id);
        Assert.Contains("away with it", info.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(["reserve"], probe.Calls);
        await Assert.ThrowsAsync<RunClosedException>(() => client.Client.SignalAsync(id, Go, 4).Soon());
    }

    /// <summary>Blocks a run under code that does not fit its history, does something to it, and shows that this code's worker leaves it as it is.</summary>
    private static async Task<string> BlockAsync(TestStore store, Probe probe, Func<RunHandle, Task> act, RunStatus expected = RunStatus.Blocked)
    {
        string id;
        await using (var first = await TestEngine.StartAsync(store, builder => Register(builder, probe, fits: true)))
        {
            var started = await first.Client.StartAsync("order", default(Unit), new() { RunTimeout = Limit }).Soon();
            id = started.Id;
            await started.WaitsForAsync("signal");
            await first.StopAsync();
        }
        await using var second = await TestEngine.StartAsync(store, builder => Register(builder, probe, fits: false));
        var run = second.Client.Handle(id);
        await run.SignalAsync(Go, 1).Soon();
        await second.TrickleAsync(run.BecomesAsync(RunStatus.Blocked));
        var detail = (await run.GetAsync()).BlockedDetail;
        await act(run);
        // Whatever woke it has been served when a whole run has been.
        await second.PassAsync();
        await second.TrickleAsync(run.BecomesAsync(expected));
        if (expected == RunStatus.Blocked)
        {
            await second.PassAsync();
            Assert.Equal((RunStatus.Blocked, detail), ((await run.GetAsync()).Status, (await run.GetAsync()).BlockedDetail));
            Assert.Empty(await run.GetHistoryAsync(kinds: [EventKind.CancelRequested, EventKind.SignalReceived]));
        }
        await second.StopAsync();
        return id;
    }

    private static async Task<TestEngine> ResumeAsync(TestStore store, Probe probe, string id)
    {
        var engine = await TestEngine.StartAsync(store, builder => Register(builder, probe, fits: true));
        await engine.PassAsync();
        Assert.Equal(RunStatus.Blocked, await engine.Client.Handle(id).StatusAsync());
        Assert.True(await engine.Client.ResumeAsync(id).Soon());
        return engine;
    }

    private static void Register(IPerdureBuilder builder, Probe probe, bool fits) => builder.AddWorkflow("order", async (WorkflowContext ctx, Unit _) =>
    {
        if (!fits) await ctx.StepAsync("not in the history", () => probe.NoteAsync("wrong code", 1));
        await ctx.StepAsync("reserve", () => probe.NoteAsync("reserve", 1));
        try
        {
            return $"{await ctx.WaitForAsync(Go)} {await ctx.WaitForAsync(Go)} {await ctx.WaitForAsync(Go)}";
        }
        catch (WorkflowCancelledException e)
        {
            await ctx.ShieldAsync(() => ctx.StepAsync("clean up", () => probe.NoteAsync($"clean up {e.Cause}", 1)));
            throw;
        }
    });
}
