using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Client;

/// <summary>What keeps a run from moving that is none of its own doing: rules of queues, and operators.</summary>
public class ExplainQueueTests
{
    private static readonly Signal<int> Go = new("go");

    [Theory, EveryStore]
    public async Task ExplainAsync_NamesTheRuleOfTheQueueAndTheRunsThatHoldItsSlots(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        await using var engine = await StartAsync(store, probe);
        await engine.Client.Queues.ConfigureAsync("slow", new() { MaxConcurrency = 1 }).Soon();
        await engine.Client.Queues.ConfigureAsync("keyed", new() { MaxPerKey = 1 }).Soon();
        await HoldAsync("slow-1", new() { Queue = "slow" });
        await HoldAsync("ann-1", new() { Queue = "keyed", ConcurrencyKey = "ann" });
        await HoldAsync("bo-1", new() { Queue = "keyed", ConcurrencyKey = "bo" });
        await engine.Client.StartAsync("holds", "slow-2", new() { Id = "slow-2", Queue = "slow" }).Soon();
        await engine.Client.StartAsync("holds", "ann-2", new() { Id = "ann-2", Queue = "keyed", ConcurrencyKey = "ann" }).Soon();

        var full = Assert.Single((await engine.Client.ExplainAsync("slow-2").Soon()).Reasons);
        Assert.Matches("^It is due since .+, and its queue \"slow\" is full: 1 of at most 1 at work \\(runs: 1, activities: 0\\); among them \"slow-1\"\\.$", full.Text);
        Assert.Equal("perdure queues limit slow --concurrency N", full.Command);
        var keyed = Assert.Single((await engine.Client.ExplainAsync("ann-2").Soon()).Reasons);
        Assert.Matches("^It is due since .+, and of its key \"ann\" at most 1 runs and activities of the queue \"keyed\" are worked on at once; among them \"ann-1\"\\.$", keyed.Text);
        Assert.Equal("perdure queues limit keyed --per-key N", keyed.Command);
        // Others of the queue are in nobody's way: of this key nobody runs.
        await engine.Client.StartAsync("holds", "cy-1", new() { Id = "cy-1", Queue = "keyed", ConcurrencyKey = "cy", Delay = TimeSpan.FromDays(1) }).Soon();
        Assert.StartsWith("It was started for ", (await engine.Client.ExplainAsync("cy-1").Soon()).ToString(), StringComparison.Ordinal);

        foreach (var gate in new[] { "slow-1", "slow-2", "ann-1", "ann-2", "bo-1" }) probe.Open(gate);
        await engine.TrickleAsync(engine.Client.Handle("slow-2").WaitAsync());
        await engine.TrickleAsync(engine.Client.Handle("ann-2").WaitAsync());
        Assert.StartsWith("It has completed at ", (await engine.Client.ExplainAsync("slow-2").Soon()).ToString(), StringComparison.Ordinal);

        async Task HoldAsync(string id, StartOptions options)
        {
            await engine.Client.StartAsync("holds", id, options with { Id = id }).Soon();
            await probe.ReachedAsync(id);
        }
    }

    [Theory, EveryStore]
    public async Task ExplainAsync_TellsOfAPausedQueue_WhateverTheRunWaitsFor(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using (var first = await StartAsync(store, new Probe()))
        {
            await first.Client.StartAsync("waits", default(Unit), new() { Id = "waits" }).Soon();
            await first.Client.Handle("waits").WaitsForAsync("signal");
            // Then no worker has it in its memory.
            await first.StopAsync();
        }
        await using var engine = await StartAsync(store, new Probe());
        await engine.Client.Queues.PauseAsync("far").Soon();
        var calls = await engine.Client.StartAsync("calls", default(Unit)).Soon();
        await calls.WaitsForAsync("activity");
        Assert.Matches("^The activity \"work\" is queued since .+\\. Activities wait where a rule of the queue holds them back: the queue \"far\" is paused\\. → perdure queues resume far$", (await calls.ExplainAsync()).ToString());

        await engine.Client.Queues.PauseAsync("default").Soon();
        var due = await engine.Client.StartAsync("waits", default(Unit)).Soon();
        Assert.Matches("^It is due since .+, and its queue \"default\" is paused\\. → perdure queues resume default$", (await due.ExplainAsync()).ToString());
        var reasons = (await engine.Client.ExplainAsync("waits").Soon()).Reasons;
        Assert.StartsWith("It waits for the signal \"go\"", reasons[0].Text, StringComparison.Ordinal);
        Assert.Equal(new RunReason("Its queue \"default\" is paused: nobody takes the run when it is due.", "perdure queues resume default"), reasons[1]);
    }

    [Theory, EveryStore]
    public async Task ExplainAsync_SaysWhoHasStoppedTheRun_AndWhatItDoesMeanwhile(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        await using var engine = await StartAsync(store, probe);
        var paused = await engine.Client.StartAsync("waits", default(Unit)).Soon();
        await paused.WaitsForAsync("signal");
        await paused.PauseAsync(new() { Reason = "stocktaking", By = "ann" }).Soon();
        await paused.BecomesAsync(RunStatus.Paused);
        Assert.Matches("^ann has stopped it at .+ \\(stocktaking\\)\\. → perdure resume ", (await paused.ExplainAsync()).ToString());

        var cleans = await engine.Client.StartAsync("cleans", default(Unit)).Soon();
        await cleans.WaitsForAsync("signal");
        await cleans.CancelAsync("too late", new() { By = "bo" }).Soon();
        await probe.ReachedAsync("cleanup");
        var reasons = (await cleans.ExplainAsync()).Reasons;
        Assert.Matches("^It was asked to cancel by bo \\(too late\\) at .+, and its cleanup has not ended\\. → perdure terminate ", reasons[^1].ToString());
        probe.Open("cleanup");

        var again = await engine.Client.StartAsync("again", default(Unit)).Soon();
        await Waiting.UntilAsync(async () => (await again.GetAsync()).WaitingFor is [{ Kind: "retry" }]);
        Assert.Matches("^Its last attempt has failed; the next begins at ", (await again.ExplainAsync()).ToString());
        var limited = await engine.Client.StartAsync("limited", default(Unit)).Soon();
        await Waiting.UntilAsync(async () => (await limited.GetAsync()).WaitingFor.Any(static wait => wait.Kind == "limit"));
        Assert.Contains((await limited.ExplainAsync()).Reasons, static reason => reason.Text.StartsWith("It waits for something with a limit until ", StringComparison.Ordinal));
    }

    private static Task<TestEngine> StartAsync(TestStore store, Probe probe) => TestEngine.StartAsync(store, builder => builder
        .AddWorkflow("waits", async (WorkflowContext ctx, Unit _) => await ctx.WaitForAsync(Go))
        .AddWorkflow("holds", (WorkflowContext ctx, string gate) => ctx.StepAsync("hold", (CancellationToken ct) => probe.HoldAsync(gate, ct)))
        .AddWorkflow("calls", async (WorkflowContext ctx, Unit _) => await ctx.ActivityAsync<int>("work", 1, new() { Queue = "far" }))
        .AddActivity("work", (int n) => Task.FromResult(n))
        .AddWorkflow("cleans", async (WorkflowContext ctx, Unit _) =>
        {
            try
            {
                await ctx.WaitForAsync(Go);
            }
            finally
            {
                await ctx.ShieldAsync(() => ctx.StepAsync("clean", (CancellationToken ct) => probe.HoldAsync("cleanup", ct)));
            }
        })
        .AddWorkflow("again", Task (WorkflowContext ctx, Unit _) => throw new WorkflowFailureException("busy", "come back"),
            new() { Retry = RetryPolicy.Constant(TimeSpan.FromDays(1)) with { MaxAttempts = 2 } })
        .AddWorkflow("limited", async (WorkflowContext ctx, Unit _) =>
        {
            var child = ctx.StartChild<Unit, int>(new("waits"), default);
            await child.ResultAsync(TimeSpan.FromDays(1));
        }), static options =>
        {
            foreach (var queue in new[] { PerdureDefaults.Queue, "slow", "keyed" }) options.Queues[queue] = 10;
        });
}
