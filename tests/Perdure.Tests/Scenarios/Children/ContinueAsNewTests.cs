using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Children;

/// <summary>Runs that go on with a fresh history.</summary>
public class ContinueAsNewTests
{
    private static readonly WorkflowDefinition<int, string> Loop = new("loop");
    private static readonly Signal<int> Number = new("number");

    [Theory, EveryStore]
    public async Task K6_NextRunHasTheNewInputAndAFreshHistory_AndTheChainIsReadFromAnyMember(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow(Loop, async (ctx, n) =>
        {
            await ctx.StepAsync("work", () => Task.FromResult(n));
            return n < 3 ? await ctx.ContinueAsNewAsync<string>(n + 1) : $"done {n}";
        }));
        var run = await engine.Client.StartAsync(Loop, 1, new() { Key = "k", Tags = new Dictionary<string, string> { ["city"] = "Bern" }, Priority = 7 }).Soon();

        Assert.Equal("done 3", await engine.TrickleAsync(run.ResultAsync()));
        var chain = await engine.Client.GetChainAsync(run.Id);
        Assert.Equal([RunStatus.ContinuedAsNew, RunStatus.ContinuedAsNew, RunStatus.Completed], chain.Select(member => member.Status));
        Assert.All(chain, member => Assert.Equal(("Bern", 7), (member.Tags["city"], member.Priority)));
        foreach (var member in chain) Assert.Equal(chain.Select(one => one.Id), (await engine.Client.GetChainAsync(member.Id)).Select(one => one.Id));
        Assert.Equal(
            [EventKind.WorkflowStarted, EventKind.StepCompleted, EventKind.WorkflowContinuedAsNew], (await run.GetHistoryAsync()).Select(e => e.Kind));
        Assert.Equal([EventKind.WorkflowStarted, EventKind.StepCompleted, EventKind.WorkflowCompleted], (await engine.Client.GetHistoryAsync(chain[2].Id)).Select(e => e.Kind));
        var (first, last) = (await run.GetAsync(), await engine.Client.GetByKeyAsync("k"));
        Assert.Equal((chain[1].Id, null), (first.ContinuedAs, first.ContinuedFrom));
        Assert.Equal((chain[2].Id, chain[1].Id, "3"), (last.Id, last.ContinuedFrom, last.Input.ToString()));
    }

    [Theory, EveryStore]
    public async Task SignalsThatNobodyTook_GoAlong_AndLateCopiesAreKnown(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow(Loop, async (ctx, n) =>
        {
            var taken = await ctx.WaitForAsync(Number);
            if (n < 3) return await ctx.ContinueAsNewAsync<string>(n + 1);
            return $"{taken} {await ctx.WaitForAsync(Number)}";
        }));
        var run = await engine.Client.StartAsync(Loop, 1, new() { Delay = TimeSpan.FromSeconds(1) }).Soon();
        foreach (var n in new[] { 10, 20, 30 }) await run.SignalAsync(Number, n, $"m{n}").Soon();
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await engine.Client.GetChainAsync(run.Id)).Count == 3));
        await run.SignalAsync(Number, 10, "m10").Soon();
        await run.SignalAsync(Number, 40, "m40").Soon();

        Assert.Equal("30 40", await engine.TrickleAsync(run.ResultAsync()));
    }

    [Theory, EveryStore]
    public async Task ASignalThatAnEarlierRunTook_IsAcceptedAgainAfterTheLastHasEnded(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow(Loop, static async (ctx, n) =>
        {
            if (n == 1) return await ctx.ContinueAsNewAsync<string>(1 + await ctx.WaitForAsync(Number));
            return $"done {n}";
        }));
        var run = await engine.Client.StartAsync(Loop, 1).Soon();
        await run.SignalAsync(Number, 10, "m10").Soon();
        Assert.Equal("done 11", await engine.TrickleAsync(run.ResultAsync()));

        // Whoever repeats it had no answer the first time; it was taken all the same.
        await run.SignalAsync(Number, 10, "m10").Soon();
        await Assert.ThrowsAsync<RunClosedException>(() => run.SignalAsync(Number, 11, "m11").Soon());
    }

    [Theory, EveryStore]
    public async Task KeepData_GivesTheNextRunTheData_ElseItBeginsWithoutAny(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow(Loop, async (ctx, n) =>
        {
            var before = ctx.Data.Get<int>("sum");
            if (n == 2 && ctx.Attempt == 1) throw new InvalidOperationException("the next attempt begins with the same");
            if (n == 4) await ctx.WaitForAsync(Number);
            ctx.Data.Increment("sum", n);
            await ctx.StepAsync("work", () => Task.FromResult(n));
            return n < 5 ? await ctx.ContinueAsNewAsync<string>(n + 1, new() { KeepData = n != 4 }) : $"{before} {ctx.Data.Get<int>("sum")}";
        }, new() { Retry = RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { MaxAttempts = 2 } }));
        var run = await engine.Client.StartAsync(Loop, 1).Soon();
        await engine.TrickleAsync(Waiting.UntilAsync(async () => await engine.Client.GetChainAsync(run.Id) is [_, _, _, { Status: RunStatus.Suspended }]));
        var fourth = await engine.Client.GetAsync((await engine.Client.GetChainAsync(run.Id))[3].Id);
        // It has not written any itself.
        Assert.Equal(6, fourth.Data.Get<int>("sum"));
        Assert.Equal(6, (await engine.Client.GetAtAsync(fourth.Id, 1)).Data.Get<int>("sum"));
        await run.SignalAsync(Number, 1).Soon();

        Assert.Equal("0 5", await engine.TrickleAsync(run.ResultAsync()));
        Assert.Equal([1, 3, 6, 10, 5], (await Task.WhenAll((await engine.Client.GetChainAsync(run.Id)).Select(member => engine.Client.GetAsync(member.Id)))).Select(static member => member.Data.Get<int>("sum")));
    }

    [Theory, EveryStore]
    public async Task G17_CancelledBefore_ThereIsNoNextRun(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow(Loop, async (ctx, n) =>
        {
            await ctx.StepAsync("work", async () =>
            {
                await probe.HoldAsync("working");
                return 1;
            });
            return await ctx.ContinueAsNewAsync<string>(n + 1);
        }));
        var run = await engine.Client.StartAsync(Loop, 1).Soon();
        await probe.ReachedAsync("working");
        await run.CancelAsync("enough").Soon();
        probe.Open("working");

        await Assert.ThrowsAsync<RunCancelledException>(() => engine.TrickleAsync(run.ResultAsync()));
        Assert.Single(await engine.Client.GetChainAsync(run.Id));
    }

    [Theory, EveryStore]
    public async Task ParentsAndCancellationsFollowTheChain(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow(Loop, async (ctx, n) =>
            {
                if (n < 3) return await ctx.ContinueAsNewAsync<string>(n + 1);
                return $"got {await ctx.WaitForAsync(Number)}";
            })
            .AddWorkflow("top", async (WorkflowContext ctx, int signals) =>
            {
                var child = ctx.StartChild(Loop, 1);
                await ctx.SleepAsync(TimeSpan.FromSeconds(1));
                if (signals > 0) await child.SignalAsync(Number, signals);
                else await child.CancelAsync("enough");
                try
                {
                    return await child.ResultAsync();
                }
                catch (ChildWorkflowException e)
                {
                    return e.Outcome.ToString();
                }
            }));
        Assert.Equal("got 5", await engine.TrickleAsync(engine.Client.RunAsync(new WorkflowDefinition<int, string>("top"), 5)));
        Assert.Equal("Cancelled", await engine.TrickleAsync(engine.Client.RunAsync(new WorkflowDefinition<int, string>("top"), 0)));
    }

    [Theory, EveryStore]
    public async Task LiveChildren_StayWithTheChain_AndAreToldAtItsEnd(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("leaf", (WorkflowContext ctx, int _) => ctx.WaitForAsync(Number))
            .AddWorkflow(Loop, async (ctx, n) =>
            {
                if (n == 1) ctx.StartChild<int>("leaf", 1);
                await ctx.SleepAsync(TimeSpan.FromSeconds(1));
                return n < 3 ? await ctx.ContinueAsNewAsync<string>(n + 1) : "done";
            }));
        var run = await engine.Client.StartAsync(Loop, 1).Soon();
        Assert.Equal("done", await engine.TrickleAsync(run.ResultAsync()));

        var leaf = Assert.Single((await engine.Client.ListAsync(new() { Parent = run.Id, Workflow = "leaf" })).Runs);
        await Assert.ThrowsAsync<RunCancelledException>(() => engine.TrickleAsync(engine.Client.Handle<int>(leaf.Id).ResultAsync()));
    }

    [Theory, EveryStore]
    public async Task K8_ADeathAtTheTransactionThatGoesOn_AndAnotherBehindIt_LeaveExactlyOneSuccessor(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        TestEngine? first = null;
        void Register(IPerdureBuilder builder) => builder.AddWorkflow(Loop, async (ctx, n) =>
        {
            await ctx.StepAsync("work", async (StepInfo info) =>
            {
                probe.Note($"{n}:{info.Attempt}");
                if (info.Attempt > 1) return;
                // The outcome of the first run's step is written with its end and the birth of the next.
                if (n == 1) first!.Lifeline.Cut();
                else await probe.HoldAsync("second");
            });
            return n == 1 ? await ctx.ContinueAsNewAsync<string>(2) : "done";
        });
        first = await TestEngine.StartMortalAsync(store, Register);
        var id = (await first.Client.StartAsync(Loop, 1).Soon()).Id;
        await probe.ReachedAsync("1:1");
        await first.KillAsync();

        // Before anybody takes it again.
        await using (var client = TestEngine.ClientOnly(store)) Assert.Single(await client.Client.GetChainAsync(id));
        var second = await TestEngine.StartMortalAsync(store, Register);
        await second.TrickleAsync(probe.ReachedAsync("second"));
        await second.KillAsync();

        await using var third = await TestEngine.StartAsync(store, Register);
        Assert.Equal("done", await third.TrickleAsync(third.Client.Handle<string>(id).ResultAsync()));
        Assert.Equal([RunStatus.ContinuedAsNew, RunStatus.Completed], (await third.Client.GetChainAsync(id)).Select(member => member.Status));
        Assert.Equal(2, (await third.Client.ListAsync(new() { Workflow = Loop.Name })).Runs.Count);
        Assert.Equal(["1:1", "1:2", "2:1", "second", "2:2"], probe.Calls);
    }

    [Fact]
    public async Task K9_LongLoop_HasBoundedHistories()
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder => builder.AddWorkflow(Loop, async (ctx, n) =>
        {
            for (var i = 0; i < 500; i++) await ctx.StepAsync("work", () => Task.FromResult(i));
            return n + 500 < 10_000 ? await ctx.ContinueAsNewAsync<string>(n + 500) : "done";
        }));
        var run = await engine.Client.StartAsync(Loop, 0).Soon();

        Assert.Equal("done", await engine.TrickleAsync(run.ResultAsync()));
        var chain = await engine.Client.GetChainAsync(run.Id);
        Assert.Equal(20, chain.Count);
        foreach (var member in chain) Assert.Equal(502, (await engine.Client.GetHistoryAsync(member.Id)).Count);
    }

    [Theory, EveryStore]
    public async Task ShouldContinueAsNew_FromTheWarningOn_IsTheSameOnEveryReplay(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow(Loop, async (ctx, n) =>
        {
            var steps = 0;
            for (; !ctx.ShouldContinueAsNew; steps++) await ctx.StepAsync("work", () => Task.FromResult(1));
            return n < 3 ? await ctx.ContinueAsNewAsync<string>(n + 1) : $"{steps} steps";
        }), options => (options.HistoryWarning, options.HistoryWarningEvery) = (5, 5));
        var run = await engine.Client.StartAsync(Loop, 1).Soon();

        Assert.Equal("4 steps", await engine.TrickleAsync(run.ResultAsync()));
        foreach (var member in await engine.Client.GetChainAsync(run.Id)) Assert.Equal(6, (await engine.Client.GetHistoryAsync(member.Id)).Count);
    }

    [Fact]
    public async Task WithRunningSteps_OrAnInputThatDoesNotFit_IsRefused()
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder => builder.AddWorkflow(Loop, async (ctx, n) =>
        {
            var step = ctx.StepAsync("work", () => Task.FromResult(1));
            Assert.Throws<InvalidOperationException>(() => ctx.ContinueAsNewAsync<string>(2).IsCompleted);
            await step;
            Assert.Throws<InputValidationException>(() => ctx.ContinueAsNewAsync<string>("two").IsCompleted);
            return "ended";
        }));
        Assert.Equal("ended", await engine.TrickleAsync(engine.Client.RunAsync(Loop, 1)));
    }
}
