using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Perdure.Pipelines;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Options;

/// <summary>Options that are given at the attribute, the registration or the start: the later one wins, and what wins is what happens.</summary>
public class WorkflowOptionTests
{
    private static readonly Signal<string> Go = new("go");
    private static readonly WorkflowDefinition<Unit, string> Trip = new("trip");
    private static readonly WorkflowDefinition<Unit, string> Leaf = new("leaf");

    [Theory]
    [InlineData(StoreKind.Memory, null, null, true)]
    [InlineData(StoreKind.Memory, false, null, false)]
    [InlineData(StoreKind.Sqlite, false, true, true)]
    [InlineData(StoreKind.Memory, true, false, false)]
    public async Task CompensateOnCancel_OfTheStartWinsOverTheWorkflows_AndBothOverTheDefault(StoreKind store, bool? workflow, bool? start, bool isUndone)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow(Trip, (ctx, _) => TripAsync(ctx, probe, null), new() { CompensateOnCancel = workflow }));
        await CancelAsync(engine, Trip, new() { CompensateOnCancel = start });

        Assert.Equal(isUndone ? ["book", "undo"] : ["book"], probe.Calls);
    }

    [Fact]
    public async Task CompensateOnCancel_OfTheSagaItself_IsTheLastWord()
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(
            StoreKind.Memory, builder => builder.AddWorkflow(Trip, (ctx, _) => TripAsync(ctx, probe, new() { CompensateOnCancel = true }), new() { CompensateOnCancel = false }));
        await CancelAsync(engine, Trip, new() { CompensateOnCancel = false });

        Assert.Equal(["book", "undo"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task CompensateOnCancel_IsKeptOverARestart(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder.AddWorkflow(Trip, (ctx, _) => TripAsync(ctx, probe, null));
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync(Trip, default, new() { CompensateOnCancel = false }).Soon();
            await run.WaitsForAsync("signal");
            id = run.Id;
        }
        await using var second = await TestEngine.StartAsync(store, Register);
        await second.Client.Handle(id).CancelAsync("stop").Soon();
        await Assert.ThrowsAsync<RunCancelledException>(() => second.TrickleAsync(second.Client.Handle(id).WaitAsync()));

        Assert.Equal(["book"], probe.Calls);
    }

    [Theory]
    [InlineData(false, true, true)]
    [InlineData(true, false, false)]
    [InlineData(true, null, true)]
    public async Task CompensateOnCancel_OfAStart_WinsOverThePipelines(bool pipeline, bool? start, bool isUndone)
    {
        var probe = new Probe();
        var plan = Pipeline.Define("order", p =>
        {
            if (pipeline) p.CompensateOnCancel();
            p.Step("charge", c => probe.Note("charge"), s => s.Compensate("refund", c => probe.NoteAsync("refund", 1))).WaitForEvent("go");
        });
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder => builder.AddPipeline(plan));
        var run = await engine.Client.StartAsync(plan.Workflow, default(JsonElement), new() { CompensateOnCancel = start }).Soon();
        await run.WaitsForAsync("signal");
        await run.CancelAsync("stop").Soon();
        await Assert.ThrowsAsync<RunCancelledException>(() => run.WaitAsync().Soon());

        Assert.Equal(isUndone ? ["charge", "refund"] : ["charge"], probe.Calls);
    }

    [Theory]
    [InlineData(StoreKind.Memory, null, null, false, RunStatus.Cancelled)]
    [InlineData(StoreKind.Sqlite, ParentClosePolicy.Terminate, null, false, RunStatus.Terminated)]
    [InlineData(StoreKind.Memory, ParentClosePolicy.Terminate, ParentClosePolicy.RequestCancel, false, RunStatus.Cancelled)]
    [InlineData(StoreKind.Memory, ParentClosePolicy.Abandon, null, false, null)]
    [InlineData(StoreKind.Memory, ParentClosePolicy.Terminate, null, true, null)]
    public async Task ParentClosePolicy_OfTheCallWinsOverTheChildsWorkflow(StoreKind store, ParentClosePolicy? workflow, ParentClosePolicy? call, bool detached, RunStatus? end)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow(Leaf, (ctx, _) => ctx.WaitForAsync(Go), new() { ParentClosePolicy = workflow })
            .AddWorkflow(Trip, async (ctx, _) =>
            {
                ctx.StartChild(Leaf, default, new() { ParentClosePolicy = call, Detached = detached });
                return await ctx.WaitForAsync(Go);
            }));
        var run = await engine.Client.StartAsync(Trip, default).Soon();
        RunSummary? child = null;
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (child = (await engine.Client.ListAsync(new() { Parent = run.Id })).Runs.SingleOrDefault()) is { Status: RunStatus.Suspended }));
        await run.TerminateAsync("now").Soon();
        await Assert.ThrowsAsync<RunTerminatedException>(() => engine.TrickleAsync(run.ResultAsync()));

        var handle = engine.Client.Handle<string>(child!.Id);
        if (end is { } status) await engine.TrickleAsync(handle.BecomesAsync(status));
        else
        {
            await handle.SignalAsync(Go, "on my own").Soon();
            Assert.Equal("on my own", await engine.TrickleAsync(handle.ResultAsync()));
        }
    }

    [Theory, EveryStore]
    public async Task MaxCrashes_OfAStart_WinsOverTheWorkflows(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder.AddWorkflow(Trip, (ctx, _) => ctx.StepAsync("kill", async () =>
        {
            await probe.HoldAsync("kill");
            return "alive";
        }), new() { MaxCrashes = 3 });
        var mortal = await TestEngine.StartMortalAsync(store, Register);
        var id = (await mortal.Client.StartAsync(Trip, default, new() { MaxCrashes = 0 }).Soon()).Id;
        await mortal.TrickleAsync(probe.ReachedAsync("kill"));
        await mortal.KillAsync();

        await using var engine = await TestEngine.StartAsync(store, Register);
        await engine.TrickleAsync(engine.Client.Handle(id).BecomesAsync(RunStatus.Blocked));
        Assert.Equal("CrashLoop", (await engine.Client.GetAsync(id)).BlockedReason);
    }

    [Theory]
    [InlineData(DeterminismMode.Default, true)]
    [InlineData(DeterminismMode.Relaxed, false)]
    public async Task Determinism_OfAStart_WinsOverTheWorkflows(DeterminismMode mode, bool isBlocked)
    {
        using var store = new TestStore(StoreKind.Memory);
        void Register(IPerdureBuilder builder, int input) => builder
            .AddActivity("double", (int n) => Task.FromResult(n * 2))
            .AddWorkflow(Trip, async (ctx, _) => await ctx.ActivityAsync<int>("double", input) + await ctx.WaitForAsync(Go), new() { Determinism = DeterminismMode.Strict });
        string id;
        await using (var first = await TestEngine.StartAsync(store, builder => Register(builder, 1)))
        {
            var run = await first.Client.StartAsync(Trip, default, new() { Determinism = mode }).Soon();
            await run.WaitsForAsync("signal");
            id = run.Id;
        }
        await using var second = await TestEngine.StartAsync(store, builder => Register(builder, 2));
        var again = second.Client.Handle<string>(id);
        await again.SignalAsync(Go, "!").Soon();
        if (isBlocked) await second.TrickleAsync(again.BecomesAsync(RunStatus.Blocked));
        else Assert.Equal("2!", await second.TrickleAsync(again.ResultAsync()));
    }

    [Fact]
    public async Task DefaultRetry_IsForStepsAndActivitiesThatDoNotSay()
    {
        var probe = new Probe();
        var once = new RetryPolicy { MaxAttempts = 1 };
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder =>
        {
            builder.Services.Configure<PerdureOptions>(o => o.DefaultRetry = RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { MaxAttempts = 2 });
            builder.AddActivity("fetch", (string who) => FailAsync(who)).AddActivity("pinned", (string who) => FailAsync(who), new() { Retry = once });
            builder.AddWorkflow(Trip, async (ctx, _) =>
            {
                await TryAsync(() => ctx.StepAsync("step", () => FailAsync("step")));
                await TryAsync(() => ctx.StepAsync("own", () => FailAsync("own"), new() { Retry = once }));
                await TryAsync(() => ctx.StepAsync("at most once", () => FailAsync("at most once"), new() { Mode = StepMode.AtMostOnce }));
                await TryAsync(() => ctx.ActivityAsync<string>("fetch", "activity"));
                await TryAsync(() => ctx.ActivityAsync<string>("pinned", "pinned"));
                return "done";
            });
        });
        Assert.Equal("done", await engine.TrickleAsync((await engine.Client.StartAsync(Trip, default).Soon()).ResultAsync()));

        Assert.Equal(["step", "step", "own", "at most once", "activity", "activity", "pinned"], probe.Calls);

        Task<string> FailAsync(string who)
        {
            probe.Note(who);
            throw new InvalidOperationException("no");
        }

        static async Task TryAsync(Func<Task> call) => await Assert.ThrowsAnyAsync<OperationFailedException>(call);
    }

    [Fact]
    public void Options_ThatMakeNoSense_AreRefusedByName()
    {
        Assert.Equal("StartOptions.MaxCrashes", Refused(() => new StartOptions { MaxCrashes = -1 }.Validate()));
        Assert.Equal("StartOptions.Determinism", Refused(() => new StartOptions { Determinism = (DeterminismMode)9 }.Validate()));
        Assert.Equal("WorkflowOptions.ParentClosePolicy", Refused(() => new WorkflowOptions { ParentClosePolicy = (ParentClosePolicy)9 }.Validate()));

        static string Refused(Action act) => Assert.Throws<InvalidOptionException>(act).Option;
    }

    private static Task<string> TripAsync(WorkflowContext ctx, Probe probe, SagaOptions? options) => ctx.SagaAsync(async saga =>
    {
        await ctx.StepAsync("book", () => probe.NoteAsync("book", 1));
        saga.OnFailure("undo", () => probe.NoteAsync("undo", 1));
        return await ctx.WaitForAsync(Go);
    }, options);

    private static async Task CancelAsync(TestEngine engine, WorkflowDefinition<Unit, string> workflow, StartOptions options)
    {
        var run = await engine.Client.StartAsync(workflow, default, options).Soon();
        await run.WaitsForAsync("signal");
        await run.CancelAsync("stop").Soon();
        await Assert.ThrowsAsync<RunCancelledException>(() => run.WaitAsync()).Soon();
    }
}
