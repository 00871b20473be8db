using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Perdure.Pipelines;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Client;

/// <summary>The graph of a pipeline's run says of every node what is true, at every moment.</summary>
public class PipelineGraphTests
{
    private static readonly Signal<string> Go = new("go");

    [Theory, EveryStore]
    public async Task GetGraphAsync_OfWaitsOfEveryKind_SaysWhereTheRunStands(StoreKind kind)
    {
        var pipeline = Pipeline.Define("waits", p => p
            .SleepFor("2s")
            .SleepUntil("until", c => DateTimeOffset.UnixEpoch)
            .WaitForEvent("paid", "go")
            .WaitForEvent("late", "never", TimeSpan.FromSeconds(2), "nothing")
            .WaitForAny("any", ["go", "other"])
            .WaitForAll("all", ["go", "other"])
            .WaitForInput("approve", InputForm.Approval("May it?"))
            .Flow("flow", static async (c, ctx) =>
            {
                await ctx.StepAsync("inside", static () => Task.CompletedTask);
                await ctx.WaitForAsync(Go);
            })
            .Step("last", c => { }));
        await using var engine = await TestEngine.StartAsync(kind, builder => builder.AddPipeline(pipeline));
        var run = await engine.Client.StartAsync(pipeline.Workflow, default).Soon();
        var nodes = pipeline.Graph.Nodes.Select(static node => node.Label).ToList();

        async Task StandsAtAsync(string node)
        {
            await engine.TrickleAsync(Waiting.UntilAsync(async () => (await StatesAsync(run))[node] == GraphNodeState.Waiting));
            var at = nodes.IndexOf(node);
            Assert.Equal(
                nodes.Select((label, i) => $"{label} {(i < at ? GraphNodeState.Completed : i == at ? GraphNodeState.Waiting : GraphNodeState.NotReached)}"),
                (await run.GetGraphAsync()).Nodes.Select(static each => $"{each.Label} {each.State}"));
        }

        await StandsAtAsync("sleep 2s");
        await StandsAtAsync("paid");
        await run.SignalAsync(Go, "1").Soon();
        await StandsAtAsync("late");
        await StandsAtAsync("any");
        await run.SignalAsync("other", "2").Soon();
        await StandsAtAsync("all");
        await run.SignalAsync("other", "3").Soon();
        await StandsAtAsync("all");
        await run.SignalAsync(Go, "4").Soon();
        await StandsAtAsync("approve");
        await run.ProvideInputAsync("approve", true).Soon();
        await StandsAtAsync("flow");
        await run.SignalAsync(Go, "5").Soon();
        await run.WaitAsync().Soon();
        Assert.All((await run.GetGraphAsync()).Nodes, static node => Assert.Equal(GraphNodeState.Completed, node.State));
    }

    [Theory, EveryStore]
    public async Task GetGraphAsync_InBranchesLoopsAndParallelBlocks_SaysWhatIsUnderWayAndWhatWasPassedBy(StoreKind kind)
    {
        var pipeline = Pipeline.Define("deep", p => p
            .Branch("kind", c => 2, b => b
                .When(1, q => q.Step("one", c => { }).Branch("deeper", c => true, d => d.When(true, r => r.Step("never", c => { }))))
                .When(2, q => q.WaitForEvent("two", "go")))
            .Decide("route", c => Next.Goto("both"))
            .Loop("jumped", c => true, q => q.Step("over", c => { }))
            .Parallel("both", b => b
                .Branch("left", q => q.WaitForEvent("l", "left").Step("after-l", c => { }))
                .Branch("right", q => q.Step("r", c => { })))
            .Loop("poll", c => c.Data.Get("n", 0) < 2, q => q.WaitForEvent("tick", "go").Step("count", c => c.Data.Increment("n")))
            .Loop("idle", c => false, q => q.Step("none", c => { }))
            .ForEach("items", c => new[] { "a", "b" }, q => q.Flow("item", (c, ctx) => c.Index == 0 ? Task.CompletedTask : ctx.WaitForAsync(Go)).Step("each", c => { }), maxParallel: 2));
        await using var engine = await TestEngine.StartAsync(kind, builder => builder.AddPipeline(pipeline));
        var run = await engine.Client.StartAsync(pipeline.Workflow, default).Soon();

        async Task IsAsync(string states) => Assert.Equal(states, string.Join(", ", (await run.GetGraphAsync()).Nodes.Select(static node => $"{node.Label} {node.State}")));

        async Task WaitsForAsync(string signal) => await Waiting.UntilAsync(async () => (await run.GetAsync()) is { Status: RunStatus.Suspended, WaitingFor: [var wait] } && wait.Name == signal);

        const string Branched = "start Completed, kind Completed, one Skipped, deeper Skipped, never Skipped, deeper Skipped, ";
        const string Untouched = "poll NotReached, tick NotReached, count NotReached, idle NotReached, none NotReached, items NotReached, item NotReached, each NotReached, end NotReached";
        await WaitsForAsync("go");
        await IsAsync(Branched + "two Waiting, kind NotReached, route NotReached, jumped NotReached, over NotReached, both NotReached, l NotReached, after-l NotReached, r NotReached, both NotReached, " + Untouched);
        await run.SignalAsync(Go, "1").Soon();
        await WaitsForAsync("left");
        const string Jumped = Branched + "two Completed, kind Completed, route Completed, jumped Skipped, over Skipped, both Completed, ";
        await IsAsync(Jumped + "l Waiting, after-l NotReached, r Completed, both Waiting, " + Untouched);
        await run.SignalAsync("left", "1").Soon();
        await WaitsForAsync("go");
        const string Joined = Jumped + "l Completed, after-l Completed, r Completed, both Completed, ";
        const string Rest = "idle NotReached, none NotReached, items NotReached, item NotReached, each NotReached, end NotReached";
        await IsAsync(Joined + "poll Waiting, tick Waiting, count NotReached, " + Rest);
        await run.SignalAsync(Go, "1").Soon();
        await Waiting.UntilAsync(async () => (await run.GetAsync()) is { Status: RunStatus.Suspended } info && info.Data.Get("n", 0) == 1);
        // The iteration that is under way is what is shown.
        await IsAsync(Joined + "poll Waiting, tick Waiting, count NotReached, " + Rest);
        await run.SignalAsync(Go, "2").Soon();
        await Waiting.UntilAsync(async () => (await run.GetAsync()) is { Status: RunStatus.Suspended } info && info.Data.Get("n", 0) == 2);
        await IsAsync(Joined + "poll Completed, tick Completed, count Completed, idle Completed, none Skipped, items Waiting, item Waiting, each Completed, end NotReached");
        await run.SignalAsync(Go, "3").Soon();
        await run.WaitAsync().Soon();
        await IsAsync(Joined + "poll Completed, tick Completed, count Completed, idle Completed, none Skipped, items Completed, item Completed, each Completed, end Completed");
    }

    [Theory, EveryStore]
    public async Task GetGraphAsync_OfARunThatFails_FollowsItsRetriesAndItsUndos(StoreKind kind)
    {
        var undoFails = true;
        var probe = new Probe();
        var often = RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { MaxAttempts = 10_000 };
        var pipeline = Pipeline.Define("fails", p => p
            .Step("book", c => { }, s => s.Compensate("unbook", (PipelineContext<JsonElement> _) => Task.CompletedTask))
            .Step("hold", async (PipelineContext<JsonElement> _, CancellationToken ct) => await probe.HoldAsync("hold", ct), s => s.Compensate("release", (PipelineContext<JsonElement> _) =>
                Volatile.Read(ref undoFails) ? throw new WorkflowFailureException("busy", "come back") : Task.CompletedTask, new() { Retry = often }))
            .Loop("once", c => true, q => q.Step("pay", c => Fail(), s => s.Retry(RetryPolicy.Constant(TimeSpan.FromSeconds(30)) with { MaxAttempts = 2 })))
            .Step("ship", c => { }));
        await using var engine = await TestEngine.StartAsync(kind, builder => builder.AddPipeline(pipeline));
        var run = await engine.Client.StartAsync(pipeline.Workflow, default).Soon();

        async Task BecomesAsync(string states) => await engine.TrickleAsync(Waiting.UntilAsync(async () => await IsAsync(states)));

        async Task<bool> IsAsync(string states) => string.Join(", ", (await run.GetGraphAsync()).Nodes.Select(static node => $"{node.Label} {node.State}")) == states;

        await probe.ReachedAsync("hold");
        await BecomesAsync("start Completed, book Completed, unbook NotReached, hold Running, release NotReached, once NotReached, pay NotReached, ship NotReached, end NotReached");
        probe.Open("hold");
        await BecomesAsync("start Completed, book Completed, unbook NotReached, hold Completed, release NotReached, once Waiting, pay Waiting, ship NotReached, end NotReached");
        await BecomesAsync("start Completed, book Completed, unbook NotReached, hold Completed, release Waiting, once Failed, pay Failed, ship NotReached, end NotReached");
        undoFails = false;
        await BecomesAsync("start Completed, book Completed, unbook Completed, hold Completed, release Completed, once Failed, pay Failed, ship NotReached, end Failed");
    }

    [Theory, EveryStore]
    public async Task GetGraphAsync_OfRunsThatDoNotMove_SaysSo(StoreKind kind)
    {
        var pipeline = Pipeline.Define("stands", p => p.WaitForEvent("paid", "go").Step("queued", c => { }, s => s.Queue("nobody")).Step("last", c => { }));
        await using var engine = await TestEngine.StartAsync(kind, builder => builder.AddPipeline(pipeline));

        async Task<string> OfAsync(RunHandle run) => string.Join(", ", (await run.GetGraphAsync()).Nodes.Select(static node => $"{node.Label} {node.State}"));

        var later = await engine.Client.StartAsync(pipeline.Workflow, default, new() { Delay = TimeSpan.FromDays(1) }).Soon();
        Assert.Equal("start NotReached, paid NotReached, queued NotReached, last NotReached, end NotReached", await OfAsync(later));

        var run = await engine.Client.StartAsync(pipeline.Workflow, default).Soon();
        await run.WaitsForAsync("signal");
        await run.PauseAsync().Soon();
        await run.BecomesAsync(RunStatus.Paused);
        Assert.Equal("start Completed, paid Waiting, queued NotReached, last NotReached, end NotReached", await OfAsync(run));
        await run.ResumeAsync().Soon();
        await run.SignalAsync(Go, "1").Soon();
        await run.WaitsForAsync("activity");
        Assert.Equal("start Completed, paid Completed, queued Waiting, last NotReached, end NotReached", await OfAsync(run));
        await run.CancelAsync("enough").Soon();
        await engine.TrickleAsync(run.BecomesAsync(RunStatus.Cancelled));
        Assert.Equal("start Completed, paid Completed, queued Cancelled, last NotReached, end Cancelled", await OfAsync(run));

        var ended = await engine.Client.StartAsync(pipeline.Workflow, default).Soon();
        await ended.WaitsForAsync("signal");
        await ended.TerminateAsync("enough").Soon();
        await ended.BecomesAsync(RunStatus.Terminated);
        Assert.Equal("start Completed, paid Cancelled, queued NotReached, last NotReached, end Cancelled", await OfAsync(ended));
    }

    private static void Fail() => throw new WorkflowFailureException("busy", "come back");

    private static async Task<IReadOnlyDictionary<string, GraphNodeState>> StatesAsync(RunHandle run)
    {
        var states = new Dictionary<string, GraphNodeState>(StringComparer.Ordinal);
        foreach (var node in (await run.GetGraphAsync()).Nodes) states[node.Label] = node.State;
        return states;
    }
}
