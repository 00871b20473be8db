using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Client;

/// <summary>Waiting for a run: how each end is told, limits, and whose thread it takes.</summary>
public class ResultTests
{
    private static readonly Signal<string> Go = new("go");

    private static void Register(IPerdureBuilder builder) => builder
        .AddWorkflow("do", async (WorkflowContext ctx, string what) => what switch
        {
            "fail" => throw new WorkflowFailureException("not-approved", "Nobody said yes.", new { by = "ann" }),
            "stream" => (object?)await ctx.StepAsync("open", () => Task.FromResult<Stream>(new MemoryStream())),
            "nan" => await ctx.StepAsync("divide", () => Task.FromResult(double.NaN)),
            "nothing" => null,
            "wait" => await ctx.WaitForAsync(Go),
            _ => what,
        })
        .AddWorkflow("stall", async (WorkflowContext ctx, Unit _) =>
        {
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
            return 1;
        })
        .AddWorkflow("void", (WorkflowContext ctx, Unit _) => (Task)ctx.StepAsync("nothing", () => Task.CompletedTask));

    [Theory, EveryStore]
    public async Task EachEndHasItsException(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        Task<RunHandle> Start(string what, TimeSpan? timeout = null) => engine.Client.StartAsync("do", what, new() { RunTimeout = timeout }).Soon();

        var failed = await Assert.ThrowsAsync<RunFailedException>(async () => await (await Start("fail")).WaitAsync().Soon());
        Assert.Equal(("not-approved", "Nobody said yes."), (failed.ErrorCode, failed.ErrorMessage));
        Assert.Equal("ann", failed.Details!.Value.GetProperty("by").GetString());

        var cancelled = await Start("wait");
        await cancelled.CancelAsync("too late");
        Assert.Equal("too late", (await Assert.ThrowsAsync<RunCancelledException>(() => cancelled.WaitAsync().Soon())).Reason);

        var terminated = await Start("wait");
        await terminated.TerminateAsync();
        Assert.Null((await Assert.ThrowsAsync<RunTerminatedException>(() => terminated.WaitAsync().Soon())).Reason);

        var timedOut = await Start("wait", TimeSpan.FromMinutes(1));
        await timedOut.WaitsForAsync("signal");
        engine.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(timedOut.Id, (await Assert.ThrowsAsync<RunTimedOutException>(() => engine.TrickleAsync(timedOut.WaitAsync()))).RunId);
    }

    [Theory, EveryStore]
    public async Task NothingIsAnOrdinaryResult(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);

        var run = await engine.Client.StartAsync("do", "nothing").Soon();
        Assert.Null(await run.ResultAsync<string>().Soon());
        Assert.Equal("null", (await run.GetAsync()).Result!.Value.GetRawText());
        var none = await engine.Client.StartAsync("void", default(Unit)).Soon();
        await none.WaitAsync().Soon();
        Assert.Equal(RunStatus.Completed, await none.StatusAsync());
    }

    [Theory, EveryStore]
    public async Task AResultThatCannotBeWritten_FailsTheRunOnceAndNamesNoValue(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        foreach (var what in new[] { "stream", "nan" })
        {
            var run = await engine.Client.StartAsync("do", what).Soon();
            var failed = await Assert.ThrowsAsync<RunFailedException>(() => run.WaitAsync().Soon());
            Assert.Equal(ErrorCodes.ResultNotSerializable, failed.ErrorCode);
            Assert.Equal(1, (await run.GetAsync(RunInclude.Steps)).Steps![0].Attempts);
        }
    }

    [Theory, EveryStore]
    public async Task AResultOfAnotherType_IsUndecodable(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("do", "text").Soon();

        await Assert.ThrowsAsync<UndecodablePayloadException>(() => run.ResultAsync<int>().Soon());
        Assert.Equal("text", await run.ResultAsync<string>().Soon());
    }

    [Theory, EveryStore]
    public async Task AWaitHasALimit_ZeroLooksOnce(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("do", "wait").Soon();
        await run.WaitsForAsync("signal");

        var now = await Assert.ThrowsAsync<TimeoutException>(() => run.WaitAsync(TimeSpan.Zero).Soon());
        Assert.Contains("it is Suspended", now.Message, StringComparison.Ordinal);
        var waiting = run.WaitAsync(TimeSpan.FromSeconds(30));
        engine.Clock.Advance(TimeSpan.FromSeconds(29));
        await engine.PassAsync();
        Assert.False(waiting.IsCompleted);
        engine.Clock.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<TimeoutException>(() => engine.TrickleAsync(waiting));

        await run.SignalAsync(Go, "on").Soon();
        Assert.Equal("on", await run.ResultAsync<string>(Timeout.InfiniteTimeSpan).Soon());
        Assert.Equal("on", await run.ResultAsync<string>(TimeSpan.Zero).Soon());
        await Assert.ThrowsAsync<InvalidOptionException>(() => run.WaitAsync(TimeSpan.FromSeconds(-3)));
    }

    [Theory, EveryStore]
    public async Task CancellingAWait_LeavesTheRunAlone(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("do", "wait").Soon();
        using var impatience = new CancellationTokenSource();
        var waiting = run.WaitAsync(cancellationToken: impatience.Token);

        impatience.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());
        await run.SignalAsync(Go, "on").Soon();
        Assert.Equal("on", await run.ResultAsync<string>().Soon());
    }

    [Theory, EveryStore]
    public async Task ABlockedRunEndsAWaitOnlyOnRequest(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("stall", default(Unit)).Soon();

        var blocked = await Assert.ThrowsAsync<RunBlockedException>(() => engine.TrickleAsync(run.WaitAsync(throwIfBlocked: true)));
        Assert.Equal("ForeignAwait", blocked.Reason);
        Assert.Contains("Workflow code may only await", blocked.Detail, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TimeoutException>(() => engine.TrickleAsync(run.WaitAsync(TimeSpan.FromSeconds(1))));
    }

    [Theory, EveryStore]
    public async Task AnotherProcessMayWait(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var engine = await TestEngine.StartAsync(store, Register);
        await using var other = TestEngine.ClientOnly(store);
        var run = await other.Client.StartAsync("do", "wait", new() { AllowRemote = true }).Soon();
        var waiting = run.ResultAsync<string>();

        await run.SignalAsync(Go, "on").Soon();

        Assert.Equal("on", await engine.TrickleAsync(waiting));
    }

    [Fact]
    public async Task AWaitForARunThatEndsHere_AsksTheStoreNothing()
    {
        var reads = 0;
        using var store = new TestStore(StoreKind.Memory)
        {
            Wrap = inner => StoreSpy.On(inner, call => { if (call == "ReadRunAsync") Interlocked.Increment(ref reads); }),
        };
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("do", "wait").Soon();
        var waiting = run.ResultAsync<string>();

        await run.SignalAsync(Go, "on").Soon();

        Assert.Equal("on", await waiting.Soon());
        Assert.Equal(0, reads);
    }

    [Theory, EveryStore]
    public async Task ACallerThatBlocksItsOnlyThread_GetsItsResult(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        string? result = null;
        RunStatus status = default;
        var window = new Thread(() =>
        {
            // As in a window's click handler: whatever is posted here is never run, because the thread waits.
            SynchronizationContext.SetSynchronizationContext(new DeafContext());
            var run = engine.Client.StartAsync("do", "wait").GetAwaiter().GetResult();
            run.SignalAsync(Go, "on").GetAwaiter().GetResult();
            result = run.ResultAsync<string>().GetAwaiter().GetResult();
            status = engine.Client.GetAsync(run.Id, RunInclude.Steps).GetAwaiter().GetResult().Status;
            Assert.IsType<DeafContext>(SynchronizationContext.Current);
        });
        window.Start();

        Assert.True(window.Join(TimeSpan.FromSeconds(30)));
        Assert.Equal(("on", RunStatus.Completed), (result, status));
    }

    private sealed class DeafContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }
}
