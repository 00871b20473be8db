using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Workers;

/// <summary>Workers that an operator has paused.</summary>
public class WorkerPauseTests
{
    private static readonly Signal<int> Go = new("go");

    [Theory, EveryStore]
    public async Task G16_APausedWorkerTakesNothing_NotEvenOfItsOwnProcess_AndServesAllAfterItIsResumed(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        await using var engine = await StartAsync(store, probe);
        var worker = await FindAsync(engine);
        Assert.Equal(("here", false), (worker.Name, worker.IsPaused));
        Assert.Equal(10, Assert.Single(worker.Queues, static queue => queue.Key == "default").Value);
        Assert.Equal([1], worker.Workflows["note"]);
        Assert.Equal(["work"], worker.Activities);

        var paused = await PauseAsync(engine);
        Assert.Equal((worker.Number, true, "ann", "its disk is slow", store.Clock.GetUtcNow()), (paused.Number, paused.IsPaused, paused.PausedBy, paused.PauseReason, paused.PausedAt));
        var runs = new List<RunHandle>();
        for (var i = 0; i < 3; i++) runs.Add(await engine.Client.StartAsync("note", "run").Soon());
        // Time alone changes nothing: the worker renews its lease, and stays paused.
        for (var i = 0; i < 12; i++) store.Clock.Advance(TimeSpan.FromDays(1));
        await engine.TrickleAsync(Waiting.UntilAsync(async () => Assert.Single(await engine.Client.Workers.ListAsync().Soon()).LeaseUntil > worker.LeaseUntil));
        Assert.Equal(0, probe.Count("run"));
        foreach (var run in runs) Assert.Equal(RunStatus.Pending, await run.StatusAsync());
        Assert.Matches("paused by ann", (await runs[0].ExplainAsync()).ToString());

        Assert.False((await engine.Client.Workers.ResumeAsync(worker.Number).Soon()).IsPaused);
        LetItAsk(engine);
        foreach (var run in runs) await engine.TrickleAsync(run.ResultAsync<int>());
        Assert.Equal(3, probe.Count("run"));
    }

    [Theory, EveryStore(SeveralWorkers = true)]
    public async Task WhatAPausedWorkerHas_GoesOnUntilItWaits_AndThenElsewhere_WithoutALostAttempt(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var (here, there) = (new Probe(), new Probe());
        await using var engine = await StartAsync(store, here);
        var waits = await engine.Client.StartAsync("waits", "waits").Soon();
        await waits.WaitsForAsync("signal");
        var steps = await engine.Client.StartAsync("steps", "steps").Soon();
        await here.ReachedAsync("steps-1");
        var calls = await engine.Client.StartAsync("calls", "calls").Soon();
        await here.ReachedAsync("calls-work");
        await using var other = await StartAsync(store, there, "there");
        var number = (await PauseAsync(engine)).Number;
        var listed = Assert.Single(await other.Client.Workers.ListAsync().Soon(), worker => worker.Number == number);
        Assert.Equal(("here", 1), (listed.Name, listed.ActiveActivities));

        // The run that only waits is let go, and whoever is free takes it when its signal comes: not the paused one, although it is told first.
        await Waiting.UntilAsync(async () => (await engine.Store.ReadRunAsync(new(Id: waits.Id), default)) is { Owner: 0 });
        await engine.Client.SignalAsync(waits.Id, "go", 7).Soon();
        Assert.Equal(7, await other.TrickleAsync(waits.ResultAsync<int>()));
        Assert.Equal((0, 1), (here.Count("waits-2"), there.Count("waits-2")));

        // A run with a step under way stays until it waits: here for an activity, which is begun elsewhere.
        here.Open("steps-1");
        there.Open("steps-work");
        Assert.Equal(1, await other.TrickleAsync(steps.ResultAsync<int>()));
        Assert.Equal((1, 0, 1), (here.Count("steps-2"), here.Count("steps-work"), there.Count("steps-work")));

        // An activity under way ends where it runs; its run goes on elsewhere.
        here.Open("calls-work");
        Assert.Equal(1, await other.TrickleAsync(calls.ResultAsync<int>()));
        Assert.Equal((1, 0, 1), (here.Count("calls-work"), there.Count("calls-work"), there.Count("calls-2")));
        foreach (var run in new[] { waits, steps, calls })
            Assert.All((await run.GetAsync(RunInclude.Steps)).Steps!, static step => Assert.Equal((RunStepStatus.Completed, 1), (step.Status, step.Attempts)));
    }

    [Theory, EveryStore]
    public async Task APausedWorkerThatIsPresumedDead_RegistersAnew_AndIsPausedStill(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var engine = await StartAsync(store, new Probe());
        var before = await PauseAsync(engine);
        await engine.Store.RetireWorkerAsync(before.Number, default);
        LetItAsk(engine);
        await engine.TrickleAsync(Waiting.UntilAsync(async () => await engine.Client.Workers.ListAsync() is [var next] && next.Number != before.Number));
        var again = Assert.Single(await engine.Client.Workers.ListAsync().Soon());
        Assert.Equal((true, "ann", "its disk is slow"), (again.IsPaused, again.PausedBy, again.PauseReason));
        var run = await engine.Client.StartAsync("note", "run").Soon();
        Assert.Equal(RunStatus.Pending, await run.StatusAsync());
        var gone = await Assert.ThrowsAsync<WorkerNotFoundException>(() => engine.Client.Workers.ResumeAsync(before.Number).Soon());
        Assert.Equal((ErrorCodes.WorkerNotFound, before.Number), (gone.Code, gone.Number));

        await engine.Client.Workers.ResumeAsync(again.Number).Soon();
        LetItAsk(engine);
        await engine.TrickleAsync(run.ResultAsync<int>());
    }

    [Theory, EveryStore]
    public async Task APausedWorkerStopsLikeAnyOther_AndTheNextProcessIsNotPaused(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        await using (var first = await StartAsync(store, probe))
        {
            await first.Client.StartAsync("steps", "steps").Soon();
            await probe.ReachedAsync("steps-1");
            await PauseAsync(first);
            probe.Open("steps-1");
            probe.Open("steps-work");
            await probe.ReachedAsync("steps-2");
            await first.StopAsync();
        }
        await using var engine = await StartAsync(store, probe);
        Assert.False((await FindAsync(engine)).IsPaused);
        await engine.TrickleAsync(probe.ReachedAsync("steps-work"));
        Assert.Equal(1, probe.Count("steps-1"));
    }

    [Fact]
    public async Task PauseAsync_OfWhatCannotBePaused_IsRefused()
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, static _ => { });
        await Assert.ThrowsAsync<WorkerNotFoundException>(() => engine.Client.Workers.PauseAsync(4711).Soon());
        await Assert.ThrowsAsync<InvalidOptionException>(() => engine.Client.Workers.PauseAsync(1, new() { By = new string('x', 256) }).Soon());
        // As a process of a build registers that knows nothing of orders.
        var old = await engine.Store.RegisterWorkerAsync(new(Guid.NewGuid(), "old", 1, TimeSpan.FromDays(1)), default);
        var refused = await Assert.ThrowsAsync<InvalidOptionException>(() => engine.Client.Workers.PauseAsync(old.Worker).Soon());
        Assert.Contains("older build", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The worker of the engine, as soon as it has registered.</summary>
    private static async Task<WorkerInfo> FindAsync(TestEngine engine)
    {
        WorkerInfo? worker = null;
        await Waiting.UntilAsync(async () => (worker = (await engine.Client.Workers.ListAsync().Soon()).SingleOrDefault(static worker => worker.Name == "here")) is not null);
        return worker!;
    }

    /// <summary>A paused worker that hears a hint asks once a second at most.</summary>
    private static void LetItAsk(TestEngine engine) => engine.Clock.Advance(TimeSpan.FromSeconds(2));

    /// <summary>Pauses the worker of an engine, and waits until it has heard of it: then a start in its process is left to others.</summary>
    private static async Task<WorkerInfo> PauseAsync(TestEngine engine)
    {
        var paused = await engine.Client.Workers.PauseAsync((await FindAsync(engine)).Number, new() { By = "ann", Reason = "its disk is slow" }).Soon();
        await Waiting.UntilAsync(async () =>
        {
            var probe = await engine.Client.StartAsync("note", "probe", new() { Queue = "here" });
            return await probe.StatusAsync() == RunStatus.Pending;
        });
        return paused;
    }

    private static Task<TestEngine> StartAsync(TestStore store, Probe probe, string name = "here") => TestEngine.StartAsync(store, builder => builder
        .AddWorkflow("note", (WorkflowContext ctx, string what) => ctx.StepAsync("note", () => probe.NoteAsync(what, 1)))
        .AddWorkflow("waits", async (WorkflowContext ctx, string what) =>
        {
            var got = await ctx.WaitForAsync(Go);
            await ctx.StepAsync("2", () => probe.NoteAsync($"{what}-2", 2));
            return got;
        })
        .AddWorkflow("steps", async (WorkflowContext ctx, string what) =>
        {
            await ctx.StepAsync("1", (CancellationToken ct) => probe.HoldAsync($"{what}-1", ct));
            await ctx.StepAsync("2", () => probe.NoteAsync($"{what}-2", 2));
            return await ctx.ActivityAsync<int>("work", what);
        })
        .AddWorkflow("calls", async (WorkflowContext ctx, string what) =>
        {
            var done = await ctx.ActivityAsync<int>("work", what);
            await ctx.StepAsync("2", () => probe.NoteAsync($"{what}-2", 2));
            return done;
        })
        .AddActivity("work", async (string what, CancellationToken ct) =>
        {
            await probe.HoldAsync($"{what}-work", ct);
            return 1;
        }), options =>
        {
            options.WorkerName = name;
            options.Queue("default", 10);
            // Of its own, so that what it tells of the worker is in nobody's way.
            options.Queue(name, 1);
        });
}
