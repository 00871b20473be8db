using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Requests;

/// <summary>A wait that somebody outside ends: the workflow is told there, and the run goes on.</summary>
public class CancelWaitTests
{
    private static readonly Signal<string> Go = new("go");
    private static readonly Signal<string> More = new("more");

    private static void Register(IPerdureBuilder builder) => builder
        .AddWorkflow("signal", static (WorkflowContext ctx, Unit _) => CatchAsync(async () => await ctx.WaitForAsync(Go)))
        .AddWorkflow("two", static async (WorkflowContext ctx, Unit _) =>
            $"{await CatchAsync(async () => await ctx.WaitForAsync(Go))}, {await CatchAsync(async () => await ctx.WaitForAsync(Go))}")
        .AddWorkflow("any", static (WorkflowContext ctx, Unit _) => CatchAsync(async () => (await ctx.WaitForAnyAsync([Go, More])).Name!))
        .AddWorkflow("all", static (WorkflowContext ctx, Unit _) => CatchAsync(async () => (await ctx.WaitForAllAsync([Go, More])).Payloads.Count.ToString()))
        .AddWorkflow("input", static (WorkflowContext ctx, Unit _) => CatchAsync(async () => await ctx.RequestTextAsync("why", "Why?") ?? ""))
        .AddWorkflow("hook", static (WorkflowContext ctx, Unit _) => CatchAsync(async () => await ctx.CreateHook<string>("back").ReceiveAsync()))
        .AddWorkflow("fails", static async (WorkflowContext ctx, Unit _) => await ctx.WaitForAsync(Go))
        .AddWorkflow("beside", static async (WorkflowContext ctx, string held) =>
        {
            var wait = CatchAsync(async () => await ctx.WaitForAsync(Go));
            await ctx.StepAsync("step", (Gate gate) => gate.PassAsync(held));
            return await wait;
        });

    private static async Task<string> CatchAsync(Func<Task<string>> wait)
    {
        try
        {
            return await wait();
        }
        catch (WaitCancelledException e)
        {
            return $"{e.Wait}: {e.Reason ?? "-"}";
        }
    }

    [Theory, EveryStore]
    public async Task CancelWait_OfEachKind_IsAnExceptionThatTheWorkflowCatches(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        foreach (var (workflow, kind, name, seen) in new[]
        {
            ("signal", "signal", "go", "go: no need"), ("any", "signal", "go, more", "go, more: no need"), ("input", "input", "why", "why: no need"), ("hook", "hook", "back", "back: no need"),
        })
        {
            var run = await engine.Client.StartAsync(workflow, null).Soon();
            Assert.Equal(name, (await run.WaitsForAsync(kind)).Name);
            await run.CancelWaitAsync(name, "no need").Soon();
            Assert.Equal(seen, await engine.TrickleAsync(run.ResultAsync<string>()));
            await Assert.ThrowsAsync<RunClosedException>(() => run.CancelWaitAsync(name).Soon());
        }
        Assert.Empty((await engine.Client.ListInputsAsync().Soon()).Inputs);
        Assert.Empty((await engine.Client.ListHooksAsync(new() { Status = HookStatus.Pending }).Soon()).Hooks);
    }

    [Theory, EveryStore]
    public async Task CancelWait_OfOneOfSeveral_EndsThoseThatAreWaitedForTogether_AndTheFirstOfAName(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var (all, two) = (await engine.Client.StartAsync("all", null).Soon(), await engine.Client.StartAsync("two", null).Soon());
        await Waiting.UntilAsync(async () => (await all.GetAsync()).WaitingFor.Count == 2);
        await all.CancelWaitAsync("more").Soon();
        Assert.Equal("more: -", await engine.TrickleAsync(all.ResultAsync<string>()));

        await two.WaitsForAsync("signal");
        await two.CancelWaitAsync("go", "first").Soon();
        await two.SignalAsync(Go, "second").Soon();
        Assert.Equal("go: first, second", await engine.TrickleAsync(two.ResultAsync<string>()));
    }

    [Theory, EveryStore]
    public async Task CancelWait_OfWhatIsNotWaitedFor_IsRefused_AndChangesNothing(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("signal", null).Soon();
        await run.WaitsForAsync("signal");
        var before = (await run.GetHistoryAsync()).Count;

        var refused = await Assert.ThrowsAsync<NotWaitingException>(() => run.CancelWaitAsync("more").Soon());
        Assert.Equal((ErrorCodes.NotWaiting, run.Id, "more"), (refused.Code, refused.RunId, refused.Wait));
        await Assert.ThrowsAsync<RunNotFoundException>(() => engine.Client.CancelWaitAsync("nobody", "go").Soon());
        await engine.PassAsync();
        Assert.Equal(before, (await run.GetHistoryAsync()).Count);
        await run.SignalAsync(Go, "yes").Soon();
        Assert.Equal("yes", await engine.TrickleAsync(run.ResultAsync<string>()));
        Assert.DoesNotContain(await run.GetHistoryAsync(), static e => e.Kind == EventKind.WaitCancelled);
    }

    [Theory, EveryStore]
    public async Task CancelWait_ThatNobodyCatches_FailsTheRunWithItsCode(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("fails", null).Soon();
        await run.WaitsForAsync("signal");
        await run.CancelWaitAsync("go").Soon();
        Assert.Equal(ErrorCodes.WaitCancelled, (await Assert.ThrowsAsync<RunFailedException>(() => engine.TrickleAsync(run.ResultAsync<string>()))).ErrorCode);
    }

    [Theory, EveryStore]
    public async Task CancelWait_BesideARunningStep_OfAPausedRun_AndAfterARestart_IsObeyed(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var gate = new Gate();
        string beside, paused;
        await using (var first = await TestEngine.StartAsync(store, Configure))
        {
            var run = await first.Client.StartAsync("beside", "held").Soon();
            beside = run.Id;
            await gate.ReachedAsync().Soon();
            // The wait stands in the history with the commit that let the step begin.
            await run.CancelWaitAsync("go", "beside").Soon();
            gate.Open();
            Assert.Equal("go: beside", await first.TrickleAsync(run.ResultAsync<string>()));

            var still = await first.Client.StartAsync("signal", null).Soon();
            paused = still.Id;
            await still.WaitsForAsync("signal");
            await still.PauseAsync().Soon();
            await still.BecomesAsync(RunStatus.Paused);
            await still.CancelWaitAsync("go", "paused").Soon();
            await first.PassAsync();
            Assert.Equal(RunStatus.Paused, await still.StatusAsync().Soon());
            await first.StopAsync();
        }
        await using var second = await TestEngine.StartAsync(store, Configure);
        await second.Client.ResumeAsync(paused).Soon();
        Assert.Equal("go: paused", await second.TrickleAsync(second.Client.Handle(paused).ResultAsync<string>()));
        Assert.Equal(RunStatus.Completed, await second.Client.Handle(beside).StatusAsync().Soon());

        void Configure(IPerdureBuilder builder)
        {
            builder.Services.AddSingleton(gate);
            Register(builder);
        }
    }

    /// <summary>Holds a step until the test lets it go on.</summary>
    private sealed class Gate
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<string> PassAsync(string name)
        {
            _reached.TrySetResult();
            await _opened.Task;
            return name;
        }

        public Task ReachedAsync() => _reached.Task;

        public void Open() => _opened.TrySetResult();
    }
}
