using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Client;

/// <summary>What is said of runs that are at work, that have lost their workers, that wait behind a full queue, or that are over.</summary>
public class ExplainLiveTests
{
    [Theory, EveryStore]
    public async Task ExplainAsync_OfARunAtWork_NamesTheStepOnceItIsKnownToRun(StoreKind kind)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(kind, builder => Register(builder, probe));
        var run = await engine.Client.StartAsync("holds", "held").Soon();
        await probe.ReachedAsync("held");
        await run.BecomesAsync(RunStatus.Running);
        Assert.Equal("A worker has it and runs its code or a step that has just begun.", (await run.ExplainAsync()).ToString());

        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await run.GetHistoryAsync(kinds: [EventKind.StepStarted])).Count == 1));
        Assert.Matches("^\"hold\" runs since .+ \\(attempt 1\\)\\.$", (await run.ExplainAsync()).ToString());
        probe.Open("held");
        await engine.TrickleAsync(run.WaitAsync());
    }

    [Theory, EveryStore]
    public async Task ExplainAsync_OfARunThatHasLostItsWorkers_CountsThem_AndTellsWhenItIsDue(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        var id = "";
        for (var life = 1; life <= 3; life++)
        {
            var mortal = await TestEngine.StartMortalAsync(store, builder => Register(builder, probe));
            if (life == 1) id = (await mortal.Client.StartAsync("holds", "held", new() { MaxCrashes = 9 }).Soon()).Id;
            await mortal.TrickleAsync(probe.ReachedAsync("held", life));
            await mortal.KillAsync();
        }
        // This one finds out that the worker is dead, and leaves the run to others.
        await using var other = await TestEngine.StartAsync(store, builder => Register(builder, probe), static o => o.Queue("other"));
        await other.TrickleAsync(Waiting.UntilAsync(async () => (await other.Store.ReadRunAsync(new(id), default))!.Owner == 0));
        var waits = (await other.Client.ExplainAsync(id).Soon()).Reasons;
        Assert.StartsWith("Nobody has it; it is due at ", waits[0].Text, StringComparison.Ordinal);
        Assert.Equal("Its worker was lost 3 times in a row while it drove this run; at 9 the run is blocked.", waits[1].Text);

        other.Clock.Advance(TimeSpan.FromMinutes(1));
        var due = (await other.Client.ExplainAsync(id).Soon()).Reasons;
        Assert.StartsWith("It is due since ", due[0].Text, StringComparison.Ordinal);
        Assert.Equal(waits[1], due[1]);
    }

    [Theory, EveryStore]
    public async Task ExplainAsync_BehindAFullQueue_NamesAFewOfThoseThatHoldIt_ForRunsAndForActivities(StoreKind kind)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(kind, builder => Register(builder, probe), static options =>
        {
            foreach (var queue in new[] { PerdureDefaults.Queue, "slow", "far" }) options.Queues[queue] = 10;
        });
        await engine.Client.Queues.ConfigureAsync("slow", new() { MaxConcurrency = 6 }).Soon();
        await engine.Client.Queues.ConfigureAsync("far", new() { MaxConcurrency = 1 }).Soon();
        for (var i = 0; i < 6; i++)
        {
            await engine.Client.StartAsync("holds", $"held-{i}", new() { Queue = "slow" }).Soon();
            await probe.ReachedAsync($"held-{i}");
        }
        var seventh = await engine.Client.StartAsync("holds", "held-6", new() { Queue = "slow" }).Soon();
        Assert.Matches("is full: 6 of at most 6 at work \\(runs: 6, activities: 0\\); among them (\"[^\"]+\", ){5}…\\.", (await seventh.ExplainAsync()).ToString());

        await engine.Client.StartAsync("calls", "first").Soon();
        await engine.TrickleAsync(probe.ReachedAsync("first"));
        var second = await engine.Client.StartAsync("calls", "second").Soon();
        await second.WaitsForAsync("activity");
        var reason = Assert.Single((await second.ExplainAsync()).Reasons);
        Assert.EndsWith("holds them back: the queue \"far\" is full: 1 of at most 1 at work (runs: 0, activities: 1).", reason.Text, StringComparison.Ordinal);
        Assert.Equal("perdure queues limit far --concurrency N", reason.Command);
    }

    [Theory, EveryStore]
    public async Task ExplainAsync_OfARunWhoseKeyHasRoom_DoesNotBlameTheKey(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, builder => Register(builder, new Probe()));
        await engine.Client.Queues.ConfigureAsync("nobody", new() { MaxPerKey = 1 }).Soon();
        var run = await engine.Client.StartAsync("holds", "held", new() { Queue = "nobody", ConcurrencyKey = "ann" }).Soon();
        var text = (await run.ExplainAsync()).ToString();
        Assert.StartsWith("It is due since ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ann", text, StringComparison.Ordinal);
    }

    [Theory, EveryStore]
    public async Task ExplainAsync_OfARunThatIsOver_SaysHow_AndWhereItGoesOn(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, builder => builder
            .AddWorkflow("chain", async (WorkflowContext ctx, int turn) => turn == 1 ? await ctx.ContinueAsNewAsync<int>(2) : turn)
            .AddWorkflow("waits", async (WorkflowContext ctx, Unit _) => await ctx.WaitForAsync(new Signal<int>("go"))));
        var first = await engine.Client.StartAsync("chain", 1).Soon();
        await engine.TrickleAsync(first.WaitAsync());
        var next = (await first.GetAsync()).ContinuedAs!;
        var goesOn = Assert.Single((await first.ExplainAsync()).Reasons);
        Assert.StartsWith($"It goes on as \"{next}\" since ", goesOn.Text, StringComparison.Ordinal);
        Assert.Equal($"perdure explain {next}", goesOn.Command);
        Assert.Null(Assert.Single((await engine.Client.ExplainAsync(next).Soon()).Reasons).Command);

        var stopped = await engine.Client.StartAsync("waits", default(Unit)).Soon();
        await stopped.WaitsForAsync("signal");
        await stopped.TerminateAsync("away with it").Soon();
        await stopped.BecomesAsync(RunStatus.Terminated);
        var ended = Assert.Single((await stopped.ExplainAsync()).Reasons);
        Assert.Matches("^It has ended as Terminated at .+ \\(.+away with it.*\\)\\.$", ended.Text);
        Assert.Equal($"perdure retry {stopped.Id}", ended.Command);
    }

    private static void Register(IPerdureBuilder builder, Probe probe) => builder
        .AddWorkflow("holds", (WorkflowContext ctx, string gate) => ctx.StepAsync("hold", (CancellationToken ct) => probe.HoldAsync(gate, ct)))
        .AddWorkflow("calls", (WorkflowContext ctx, string gate) => ctx.ActivityAsync<int>("work", gate, new() { Queue = "far" }))
        .AddActivity("work", async (string gate, CancellationToken ct) =>
        {
            await probe.HoldAsync(gate, ct);
            return 1;
        });
}
