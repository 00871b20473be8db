using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Perdure.Pipelines;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Client;

/// <summary>What a run's row and history say to people: why it does not move, what it was like, how far it has come.</summary>
public class ExplainTests
{
    private static readonly Signal<int> Go = new("go");

    [Theory, EveryStore]
    public async Task ExplainAsync_SaysWhatARunWaitsForOrWhatStopsIt(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("waits", async (WorkflowContext ctx, Unit _) => await ctx.WaitForAsync(Go))
            .AddWorkflow("sleeps", async (WorkflowContext ctx, Unit _) => await ctx.SleepAsync("1d"))
            .AddWorkflow("calls", async (WorkflowContext ctx, Unit _) => await ctx.CreateHook<string>("carrier", TimeSpan.FromDays(1)).ReceiveAsync())
            .AddWorkflow("asks", async (WorkflowContext ctx, Unit _) => await ctx.RequestApprovalAsync("approve", "May it go?"))
            .AddWorkflow("fails", async (WorkflowContext ctx, Unit _) => await ctx.StepAsync("charge", () => throw new NonRetryableException("no money", "declined")))
            .AddWorkflow("retries", async (WorkflowContext ctx, Unit _) =>
                await ctx.StepAsync("charge", () => throw new WorkflowFailureException("busy", "come back"), new() { Retry = RetryPolicy.Constant(TimeSpan.FromDays(1)) }))
            .AddWorkflow("queues", async (WorkflowContext ctx, Unit _) => await ctx.ActivityAsync<int>("work", 1, new() { Queue = "nobody" }))
            .AddActivity("work", (int n) => Task.FromResult(n)));

        async Task<RunReason> WhyAsync(string workflow, RunStatus status, StartOptions? options = null, Func<RunHandle, Task>? act = null)
        {
            var run = await engine.Client.StartAsync(workflow, default(Unit), options).Soon();
            await Waiting.UntilAsync(async () => await run.StatusAsync() == (act is null ? status : RunStatus.Suspended));
            if (act is not null)
            {
                await act(run);
                await Waiting.UntilAsync(async () => await run.StatusAsync() == status);
            }
            var explanation = await run.ExplainAsync();
            Assert.Equal((run.Id, status), (explanation.RunId, explanation.Status));
            return explanation.Reasons[0] with { Command = explanation.Reasons[0].Command?.Replace(run.Id, "ID", StringComparison.Ordinal) };
        }

        var waits = await WhyAsync("waits", RunStatus.Suspended);
        Assert.StartsWith("It waits for the signal \"go\" since ", waits.Text, StringComparison.Ordinal);
        Assert.Equal("perdure signal ID go JSON", waits.Command);
        Assert.StartsWith("It sleeps until ", (await WhyAsync("sleeps", RunStatus.Suspended)).Text, StringComparison.Ordinal);
        var calls = await WhyAsync("calls", RunStatus.Suspended);
        Assert.Matches("^It waits for somebody outside to answer the hook \"carrier\" since .+ until .+\\.$", calls.Text);
        Assert.Equal("perdure hooks resume TOKEN JSON", calls.Command);
        var asks = await WhyAsync("asks", RunStatus.Suspended);
        Assert.StartsWith("It waits for an answer to \"approve\" since ", asks.Text, StringComparison.Ordinal);
        Assert.Equal("perdure inputs answer ID approve JSON", asks.Command);
        var retries = await WhyAsync("retries", RunStatus.Suspended);
        Assert.StartsWith("Attempt 1 of \"charge\" has failed (busy: come back); the next one is due at ", retries.Text, StringComparison.Ordinal);
        var queues = await WhyAsync("queues", RunStatus.Suspended);
        Assert.StartsWith("The activity \"work\" is queued since ", queues.Text, StringComparison.Ordinal);
        Assert.NotNull(queues.Command);
        var failed = await WhyAsync("fails", RunStatus.Failed);
        Assert.Contains("ended as Failed", failed.Text, StringComparison.Ordinal);
        Assert.Contains("no money", failed.Text, StringComparison.Ordinal);
        Assert.Equal("perdure retry ID", failed.Command);
        var paused = await WhyAsync("waits", RunStatus.Paused, act: run => run.PauseAsync());
        Assert.StartsWith("An operator has stopped it at ", paused.Text, StringComparison.Ordinal);
        Assert.Equal("perdure resume ID", paused.Command);
        Assert.StartsWith("It was started for ", (await WhyAsync("waits", RunStatus.Pending, new() { Delay = TimeSpan.FromDays(1) })).Text, StringComparison.Ordinal);
        Assert.Contains("no worker has taken it from the queue \"far\"", (await WhyAsync("waits", RunStatus.Pending, new() { Queue = "far" })).Text, StringComparison.Ordinal);
        var unknown = await engine.Client.StartAsync("unknown", (object?)null, new() { AllowRemote = true }).Soon();
        await unknown.BecomesAsync(RunStatus.Blocked);
        Assert.Contains("(UnknownWorkflow)", (await unknown.ExplainAsync()).ToString(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<RunNotFoundException>(() => engine.Client.ExplainAsync("nobody").Soon());
    }

    [Theory, EveryStore]
    public async Task ExplainAsync_OfAParent_NamesTheChildThatStandsInItsWay_AndWhatStopsThat(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, builder => builder
            .AddWorkflow("waits", async (WorkflowContext ctx, Unit _) => await ctx.WaitForAsync(Go))
            .AddWorkflow("parent", async (WorkflowContext ctx, Unit _) =>
            {
                // Nothing in this process has code for the second.
                var fine = ctx.StartChild<Unit, int>(new("waits"), default, new() { Id = "fine" });
                var lost = ctx.StartChild<Unit, int>(new("nowhere"), default, new() { Id = "lost" });
                return await fine.ResultAsync() + await lost.ResultAsync();
            }));
        var run = await engine.Client.StartAsync("parent", default(Unit)).Soon();
        // Its children are there as soon as it waits for them.
        await Waiting.UntilAsync(async () => await run.StatusAsync() == RunStatus.Suspended);
        await engine.Client.Handle("lost").BecomesAsync(RunStatus.Blocked);
        await engine.Client.Handle("fine").WaitsForAsync("signal");
        await Waiting.UntilAsync(async () => await run.StatusAsync() == RunStatus.Suspended);

        var blocked = Assert.Single((await run.ExplainAsync()).Reasons);
        Assert.StartsWith("It waits for its child \"lost\" (\"nowhere\"), which is Blocked (UnknownWorkflow): No workflow", blocked.Text, StringComparison.Ordinal);
        Assert.Equal("perdure resume lost", blocked.Command);

        await engine.Client.Handle("lost").TerminateAsync("not needed").Soon();
        await engine.Client.Handle("fine").PauseAsync().Soon();
        await engine.Client.Handle("fine").BecomesAsync(RunStatus.Paused);
        Assert.Contains("child \"fine\" (\"waits\"), which an operator has stopped.", (await run.ExplainAsync()).ToString(), StringComparison.Ordinal);
        await engine.Client.Handle("fine").ResumeAsync().Soon();
        await engine.Client.Handle("fine").BecomesAsync(RunStatus.Suspended);
        Assert.Contains("child \"fine\" (\"waits\"), which is Suspended. → perdure explain fine", (await run.ExplainAsync()).ToString(), StringComparison.Ordinal);
    }

    [Theory, EveryStore]
    public async Task GetAtAsync_IsTheRunAsOfAnyEvent(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, builder => builder.AddWorkflow("moves", async (WorkflowContext ctx, Unit _) =>
        {
            ctx.Data.Put("stage", "begun");
            ctx.Publish(new Published<int>("done"), 0);
            await ctx.StepAsync("one", () => Task.FromResult(1));
            ctx.Data.Put("stage", "waiting");
            var got = await ctx.WaitForAsync(Go);
            ctx.Publish(new Published<int>("done"), 1);
            return got;
        }));
        var run = await engine.Client.StartAsync("moves", default(Unit)).Soon();
        await run.WaitsForAsync("signal");
        await run.SignalAsync(Go, 5).Soon();
        await run.ResultAsync<int>().Soon();

        var history = await run.GetHistoryAsync();
        var seen = new List<string>();
        foreach (var e in history)
        {
            var moment = await run.GetAtAsync(e.Sequence);
            Assert.Equal(e.Kind, moment.Event.Kind);
            seen.Add($"{moment.Status} {moment.Data.Get("stage", "-")} {(moment.Published.TryGetValue("done", out var done) ? done.GetRawText() : "-")} {moment.Steps.Count} {moment.WaitingFor.Count}");
        }
        Assert.Equal("Running - - 0 0", seen[0]);
        Assert.Contains("Running begun 0 0 0", seen);
        Assert.Contains("Running begun 0 1 0", seen);
        Assert.Contains(seen, line => line.EndsWith(" 0 1 1", StringComparison.Ordinal));
        Assert.Equal("Completed waiting 1 1 0", seen[^1]);
        var error = await Assert.ThrowsAsync<InvalidOptionException>(() => run.GetAtAsync(history.Count).Soon());
        Assert.Contains($"{history.Count} events", error.Message, StringComparison.Ordinal);
    }

    [Theory, EveryStore]
    public async Task GetAtAsync_TellsTheHooksQuestionsAndChildrenThatWereWaitedFor(StoreKind kind)
    {
        var token = new Published<string>("token");
        await using var engine = await TestEngine.StartAsync(kind, builder => builder
            .AddWorkflow("waits", async (WorkflowContext ctx, Unit _) => await ctx.WaitForAsync(Go))
            .AddWorkflow("parent", async (WorkflowContext ctx, Unit _) =>
            {
                var hook = ctx.CreateHook<string>("carrier", maxReceipts: 2);
                ctx.Publish(token, hook.Token);
                await hook.ReceiveAsync();
                await hook.ReceiveAsync();
                await ctx.RequestApprovalAsync("approve", "May it go?");
                return await ctx.ChildAsync<int>("waits", default(Unit), new() { Id = "child" });
            }));
        var run = await engine.Client.StartAsync("parent", default(Unit)).Soon();
        await run.WaitsForAsync("hook");
        var given = (await run.ReadAsync(token))!;
        await engine.Client.ResumeHookAsync(given, "one").Soon();
        await engine.Client.ResumeHookAsync(given, "two").Soon();
        await run.WaitsForAsync("input");
        await run.ProvideInputAsync("approve", true).Soon();
        await run.WaitsForAsync("child");
        await engine.Client.SignalAsync("child", "go", 5).Soon();
        Assert.Equal(5, await engine.TrickleAsync(engine.Client.Handle<int>(run.Id).ResultAsync()));

        var seen = new List<string>();
        foreach (var e in await run.GetHistoryAsync())
        {
            var moment = await run.GetAtAsync(e.Sequence);
            if (e.Kind is EventKind.HookCreated or EventKind.InputRequested or EventKind.ChildStarted) Assert.Equal(RunStatus.Suspended, moment.Status);
            seen.Add($"{e.Kind}: {string.Join(' ', moment.WaitingFor.Select(static wait => $"{wait.Kind} {wait.Name}"))}");
        }
        Assert.Equal(
            [
                "WorkflowStarted: ", "HookCreated: hook carrier", "StatePublished: hook carrier", "HookReceived: hook carrier", "HookReceived: ",
                "InputRequested: input approve", "InputProvided: ", "ChildStarted: child waits", "ChildCompleted: ", "WorkflowCompleted: ",
            ],
            seen);
    }

    [Theory, EveryStore]
    public async Task GetAtAsync_OfALaterAttempt_StillTellsTheHookOfTheFirst_AndOfAnEndNothing(StoreKind kind)
    {
        var attempts = 0;
        await using var engine = await TestEngine.StartAsync(kind, builder => builder.AddWorkflow("again", async (WorkflowContext ctx, Unit _) =>
        {
            ctx.CreateHook<string>("carrier");
            await ctx.WaitForAsync(Go);
            if (Interlocked.Increment(ref attempts) == 1) throw new WorkflowFailureException("busy", "come back");
            await ctx.WaitForAsync(new Signal<int>("more"));
        }, new() { Retry = RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { MaxAttempts = 2 } }));
        var run = await engine.Client.StartAsync("again", default(Unit)).Soon();
        await run.SignalAsync(Go, 1).Soon();
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor.Any(static wait => wait.Name == "more")));
        var last = (await run.GetHistoryAsync()).Count - 1;
        Assert.Equal(["hook carrier", "signal more"], (await run.GetAtAsync(last)).WaitingFor.Select(static wait => $"{wait.Kind} {wait.Name}"));

        await run.CancelAsync("enough").Soon();
        await engine.TrickleAsync(run.BecomesAsync(RunStatus.Cancelled));
        var end = await run.GetAtAsync((await run.GetHistoryAsync()).Count - 1);
        Assert.Equal((RunStatus.Cancelled, 0), (end.Status, end.WaitingFor.Count));
    }

    [Theory, EveryStore]
    public async Task GetGraphAsync_OfAPipeline_HasTheRunsStateLaidOver(StoreKind kind)
    {
        var pipeline = Pipeline.Define("ships", p => p
            .Step("pack", c => { })
            .Branch("kind", c => "far", b => b.When("near", q => q.Step("bike", c => { })).When("far", q => q.Step("truck", c => { })))
            .WaitForEvent("delivered")
            .Step("thank", c => { }));
        await using var engine = await TestEngine.StartAsync(kind, builder => builder.AddPipeline(pipeline));
        var run = await engine.Client.StartAsync(pipeline.Workflow, default).Soon();
        await run.WaitsForAsync("signal");

        Assert.Equal(
            ["start Completed", "pack Completed", "kind Completed", "bike Skipped", "truck Completed", "kind Completed", "delivered Waiting", "thank NotReached", "end NotReached"],
            (await run.GetGraphAsync()).Nodes.Select(node => $"{node.Label} {node.State}"));
        await run.SignalAsync("delivered", true).Soon();
        await run.WaitAsync().Soon();
        Assert.Equal(
            ["start Completed", "pack Completed", "kind Completed", "bike Skipped", "truck Completed", "kind Completed", "delivered Completed", "thank Completed", "end Completed"],
            (await run.GetGraphAsync()).Nodes.Select(node => $"{node.Label} {node.State}"));
        Assert.Equal(pipeline.Graph.Edges, (await run.GetGraphAsync()).Edges);
    }

    [Theory, EveryStore]
    public async Task GetGraphAsync_OfWrittenCode_IsWhatItsHistoryShows(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, builder => builder.AddWorkflow("written", async (WorkflowContext ctx, Unit _) =>
            await ctx.SagaAsync(async saga =>
            {
                await ctx.StepAsync("book", () => Task.CompletedTask);
                saga.OnFailure("cancel", () => Task.CompletedTask);
                await ctx.SleepAsync(TimeSpan.Zero);
                await ctx.WaitForAsync(Go);
                await ctx.StepAsync("pay", () => throw new NonRetryableException("no"));
            })));
        var run = await engine.Client.StartAsync("written", default(Unit)).Soon();
        await run.SignalAsync(Go, 1).Soon();
        await Assert.ThrowsAsync<RunFailedException>(() => engine.TrickleAsync(run.WaitAsync()));

        var graph = await run.GetGraphAsync();
        Assert.Equal(
            ["Start start Completed", "Step book Completed", "Wait sleep Completed", "Wait go Completed", "Step pay Failed", "Compensation cancel Completed", "End end Failed"],
            graph.Nodes.Select(node => $"{node.Kind} {node.Label} {node.State}"));
        Assert.Equal(6, graph.Edges.Count);
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(graph.ToJson()).RootElement.ValueKind);
    }

    [Theory, EveryStore]
    public async Task GetGraphAsync_OfWrittenCode_ShowsHooksQuestionsAndWhatWasGivenUp(StoreKind kind)
    {
        var token = new Published<string>("token");
        await using var engine = await TestEngine.StartAsync(kind, builder => builder
            .AddWorkflow("waits", async (WorkflowContext ctx, Unit _) => await ctx.WaitForAsync(Go))
            .AddWorkflow("parent", async (WorkflowContext ctx, Unit _) =>
            {
                var hook = ctx.CreateHook<string>("carrier", maxReceipts: 3);
                ctx.Publish(token, hook.Token);
                await hook.ReceiveAsync();
                await ctx.RequestApprovalAsync("approve", "May it go?");
                try
                {
                    await ctx.ChildAsync<int>("waits", default(Unit), new() { Id = "child" });
                }
                catch (ChildWorkflowException)
                {
                    // It goes on without it.
                }
                ctx.CreateHook<string>("unused");
                await ctx.WaitForAsync(Go);
            }));
        var run = await engine.Client.StartAsync("parent", default(Unit)).Soon();
        async Task<IEnumerable<string>> StatesAsync() => (await run.GetGraphAsync()).Nodes.Select(static node => $"{node.Kind} {node.Label} {node.State}");

        await WaitsAlsoForAsync(run, "carrier");
        Assert.Equal(["Start start Completed", "Wait carrier Waiting", "End end NotReached"], await StatesAsync());
        await engine.Client.ResumeHookAsync((await run.ReadAsync(token))!, "one").Soon();
        await WaitsAlsoForAsync(run, "approve");
        await run.ProvideInputAsync("approve", true).Soon();
        await WaitsAlsoForAsync(run, "waits");
        await engine.Client.CancelAsync("child", "enough").Soon();
        await WaitsAlsoForAsync(run, "go");
        Assert.Equal(
            [
                "Start start Completed", "Wait carrier Waiting", "Wait approve Completed", "Child waits Cancelled", "Wait unused Waiting", "Wait go Waiting", "End end NotReached",
            ],
            await StatesAsync());
        await run.SignalAsync(Go, 1).Soon();
        await run.WaitAsync().Soon();
        Assert.Equal(
            [
                "Start start Completed", "Wait carrier Completed", "Wait approve Completed", "Child waits Cancelled", "Wait unused Cancelled", "Wait go Completed", "End end Completed",
            ],
            await StatesAsync());
    }

    [Theory, EveryStore]
    public async Task GetAtAsync_OfARunThatGoesOn_ShowsAnAnsweredHookOfTheRunBeforeAsOver(StoreKind kind)
    {
        var token = new Published<string>("token");
        await using var engine = await TestEngine.StartAsync(kind, builder => builder.AddWorkflow("chain", async (WorkflowContext ctx, int turn) =>
        {
            if (turn == 1)
            {
                ctx.Publish(token, ctx.CreateHook<string>("carrier").Token);
                ctx.CreateHook<string>("other");
                await ctx.WaitForAsync(Go);
                await ctx.ContinueAsNewAsync<Unit>(2);
            }
            await ctx.WaitForAsync(Go);
            // Answered before it is asked for here.
            var hook = ctx.CreateHook<string>("carrier");
            ctx.CreateHook<string>("other");
            await hook.ReceiveAsync();
            await ctx.WaitForAsync(new Signal<int>("more"));
        }));
        var run = await engine.Client.StartAsync("chain", 1).Soon();
        await WaitsAlsoForAsync(run, "go");
        var given = (await run.ReadAsync(token))!;
        await run.SignalAsync(Go, 1).Soon();
        await run.BecomesAsync(RunStatus.ContinuedAsNew);
        var next = engine.Client.Handle((await run.GetAsync()).ContinuedAs!);
        await WaitsAlsoForAsync(next, "go");
        await engine.Client.ResumeHookAsync(given, "one").Soon();
        await next.SignalAsync(Go, 2).Soon();
        await WaitsAlsoForAsync(next, "more");

        var last = (await next.GetHistoryAsync()).Count - 1;
        Assert.Equal(["hook other", "signal more"], (await next.GetAtAsync(last)).WaitingFor.Select(static wait => $"{wait.Kind} {wait.Name}"));
        Assert.Contains("carrier Completed", (await next.GetGraphAsync()).Nodes.Select(static node => $"{node.Label} {node.State}"));
        await Assert.ThrowsAsync<NotWaitingException>(() => next.CancelWaitAsync("carrier").Soon());
    }

    /// <summary>Waits until a run waits for something of this name, and maybe for more.</summary>
    private static Task WaitsAlsoForAsync(RunHandle run, string name) => Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor.Any(wait => wait.Name == name));
}
