using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Client;

/// <summary>Starting: keys, ids, options, inputs; and what is refused before anything is stored.</summary>
public class StartTests
{
    private static readonly WorkflowDefinition<Order, string> Orders = new("order");

    public sealed record Order(string Id, int Quantity);

    [Theory, EveryStore]
    public async Task A7_TheSameKeyAgainRunsNothingAndAddsNoEvent(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await StartAsync(store, probe);
        var first = await engine.Client.StartAsync(Orders, new("1", 2), new() { Key = "order-123" }).Soon();
        await first.ResultAsync().Soon();
        var events = await first.GetHistoryAsync();

        var second = await engine.Client.StartAsync(Orders, new("1", 2), new() { Key = "order-123" }).Soon();

        Assert.True(first.WasCreated);
        Assert.False(second.WasCreated);
        Assert.Equal(first.Id, second.Id);
        Assert.Equal("done 1", await second.ResultAsync().Soon());
        Assert.Equal(["work"], probe.Calls);
        Assert.Equal(events.Count, (await second.GetHistoryAsync()).Count);
    }

    [Theory, EveryStore]
    public async Task N1_FiftyConcurrentStartsWithOneKeyAreOneRun(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await StartAsync(store, probe);

        var runs = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ =>
            Task.Run(() => engine.Client.StartAsync(Orders, new("1", 2), new() { Key = "one" })))).Soon();
        await runs[0].ResultAsync().Soon();

        Assert.Single(runs.Select(run => run.Id).Distinct());
        Assert.Single(runs, run => run.WasCreated);
        Assert.Equal(["work"], probe.Calls);
        Assert.Single((await engine.Client.ListAsync(new() { Workflow = "order" })).Runs);
    }

    [Theory, EveryStore]
    public async Task N2_WhatAKeyMeansDependsOnThePolicyAndHowTheFormerRunEnded(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("any", async (WorkflowContext ctx, string what) =>
        {
            if (what == "fail") throw new WorkflowFailureException("broken");
            if (what != "complete") await ctx.WaitForAsync(new Signal<string>("never"));
            return what;
        }));
        foreach (var (what, status) in new[] { ("run", RunStatus.Suspended), ("complete", RunStatus.Completed), ("fail", RunStatus.Failed), ("cancel", RunStatus.Cancelled) })
        {
            Task<RunHandle> Start(ConflictPolicy policy) => engine.Client.StartAsync("any", what, new() { Key = what, OnConflict = policy }).Soon();
            var first = await Start(ConflictPolicy.UseExisting);
            if (what == "cancel") await first.CancelAsync();
            await first.BecomesAsync(status);

            Assert.Equal(first.Id, (await Start(ConflictPolicy.UseExisting)).Id);
            var refused = await Assert.ThrowsAsync<AlreadyExistsException>(() => Start(ConflictPolicy.Fail));
            Assert.Equal((what, first.Id), (refused.Key, refused.RunId));
            var restarted = await Start(ConflictPolicy.RestartIfFailed);
            Assert.Equal(what is "fail" or "cancel", restarted.WasCreated);
            Assert.Equal(what is "fail" or "cancel", restarted.Id != first.Id);
        }
    }

    [Theory, EveryStore]
    public async Task N3_TheSameKeyWithAnotherInputOrWorkflowIsAConflict(StoreKind store)
    {
        await using var engine = await StartAsync(store, new Probe());
        var first = await engine.Client.StartAsync(Orders, new("1", 2), new() { Key = "k" }).Soon();

        var conflict = await Assert.ThrowsAsync<KeyConflictException>(() => engine.Client.StartAsync(Orders, new("1", 3), new() { Key = "k" }));
        Assert.Equal(("k", first.Id), (conflict.Key, conflict.RunId));
        await Assert.ThrowsAsync<KeyConflictException>(() => engine.Client.StartAsync("other", new Order("1", 2), new() { Key = "k" }));
        // The order of members and nulls say nothing.
        var same = await engine.Client.StartAsync("order", JsonDocument.Parse("""{"quantity":2,"note":null,"id":"1"}""").RootElement, new() { Key = "k" });
        Assert.Equal(first.Id, same.Id);
    }

    [Theory, EveryStore]
    public async Task N5_KeysAreCaseSensitive(StoreKind store)
    {
        await using var engine = await StartAsync(store, new Probe());

        var upper = await engine.Client.StartAsync(Orders, new("1", 2), new() { Key = "A" }).Soon();
        var lower = await engine.Client.StartAsync(Orders, new("1", 2), new() { Key = "a" }).Soon();

        Assert.NotEqual(upper.Id, lower.Id);
        Assert.Equal(lower.Id, (await engine.Client.GetByKeyAsync("a")).Id);
        await Assert.ThrowsAsync<RunNotFoundException>(() => engine.Client.GetByKeyAsync("b"));
    }

    [Theory, EveryStore]
    public async Task AnIdThatTheCallerChose_ActsAsAKeyForAsLongAsItsRunExists(StoreKind store)
    {
        await using var engine = await StartAsync(store, new Probe());
        var first = await engine.Client.StartAsync(Orders, new("1", 2), new() { Id = "order-1" }).Soon();
        await first.ResultAsync().Soon();

        var second = await engine.Client.StartAsync(Orders, new("1", 2), new() { Id = "order-1" }).Soon();

        Assert.Equal(("order-1", true), (first.Id, first.WasCreated));
        Assert.Equal(("order-1", false), (second.Id, second.WasCreated));
        await Assert.ThrowsAsync<KeyConflictException>(() => engine.Client.StartAsync(Orders, new("1", 9), new() { Id = "order-1" }));
        await engine.Client.DeleteAsync("order-1").Soon();
        Assert.True((await engine.Client.StartAsync(Orders, new("1", 9), new() { Id = "order-1" }).Soon()).WasCreated);
    }

    [Theory, EveryStore]
    public async Task AStartThatFindsADeletedRunsKey_RunsNothing(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await StartAsync(store, probe);
        var first = await engine.Client.StartAsync(Orders, new("1", 2), new() { Key = "k" }).Soon();
        await first.ResultAsync().Soon();
        await engine.Client.DeleteAsync(first.Id);

        var second = await engine.Client.StartAsync(Orders, new("1", 2), new() { Key = "k" }).Soon();

        Assert.Equal((first.Id, false, true), (second.Id, second.WasCreated, second.IsPurged));
        await Assert.ThrowsAsync<RunNotFoundException>(() => second.ResultAsync().Soon());
        Assert.Equal(["work"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task AKeyWithALifetime_IsFreeAtItsEnd_CountedFromTheStart(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await StartAsync(store, probe);
        var options = new StartOptions { Key = "k", KeyTtl = TimeSpan.FromMinutes(30), Delay = TimeSpan.FromSeconds(10) };
        var start = engine.Clock.GetUtcNow();
        var first = await engine.Client.StartAsync(Orders, new("1", 2), options).Soon();
        await engine.TrickleAsync(first.ResultAsync());
        await engine.AdvanceAsync(start.AddMinutes(29) - engine.Clock.GetUtcNow());
        await engine.Client.DeleteAsync(first.Id);
        var purged = await engine.Client.StartAsync(Orders, new("1", 2), options).Soon();
        Assert.Equal((first.Id, true), (purged.Id, purged.IsPurged));

        await engine.AdvanceAsync(TimeSpan.FromMinutes(1));
        var second = await engine.Client.StartAsync(Orders, new("another", 1), new() { Key = "k" }).Soon();
        Assert.Equal((true, false), (second.WasCreated, second.IsPurged));
        Assert.Equal("done another", await engine.TrickleAsync(second.ResultAsync()));
        Assert.Equal(second.Id, (await engine.Client.GetByKeyAsync("k").Soon()).Id);
    }

    [Theory, EveryStore]
    public async Task TheKeyOfAChild_HasItsLifetime(StoreKind store)
    {
        var probe = new Probe();
        var parents = new WorkflowDefinition<int, string>("parent");
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow(Orders, (ctx, order) => ctx.StepAsync("work", () => probe.NoteAsync("work", "done " + order.Id)))
            .AddWorkflow(parents, (ctx, number) => ctx.ChildAsync(Orders, new("1", number), new() { Key = "k", KeyTtl = TimeSpan.FromMinutes(10) })));
        Assert.Equal("done 1", await engine.TrickleAsync(engine.Client.RunAsync(parents, 1)));
        await Assert.ThrowsAsync<RunFailedException>(() => engine.TrickleAsync(engine.Client.RunAsync(parents, 2)));
        await engine.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.Equal("done 1", await engine.TrickleAsync(engine.Client.RunAsync(parents, 3)));
    }

    [Theory, EveryStore]
    public async Task A15_DueRunsAreTakenByPriorityThenDueTimeThenCreation_AndNotBeforeTheirTime(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("note", (WorkflowContext ctx, string name) => ctx.StepAsync("note", () => probe.NoteAsync(name, 0)));
        await using var starter = TestEngine.ClientOnly(store, Register);
        var now = store.Clock.GetUtcNow();
        Task<RunHandle> Start(string name, int priority = 0, DateTimeOffset? at = null, TimeSpan? delay = null) =>
            starter.Client.StartAsync("note", name, new() { Id = name, Priority = priority, ScheduledAt = at, Delay = delay }).Soon();
        await Start("later", priority: 1000, at: now + TimeSpan.FromHours(1));
        await Start("delayed", delay: TimeSpan.FromHours(1));
        await Start("created-first");
        await Start("created-second");
        await Start("past", at: now - TimeSpan.FromHours(1));
        await Start("high", priority: 10);
        await Start("low", priority: -10);
        store.Clock.Advance(TimeSpan.FromSeconds(1));

        await using var engine = await TestEngine.StartAsync(store, Register, o => o.MaxResidentRuns = 1);
        await engine.Client.Handle("low").WaitAsync().Soon();

        Assert.Equal(["high", "created-first", "created-second", "past", "low"], probe.Calls);
        await engine.AdvanceAsync(TimeSpan.FromMinutes(59));
        Assert.Equal(RunStatus.Pending, (await engine.Client.GetAsync("later")).Status);
        Assert.Equal(now + TimeSpan.FromHours(1), (await engine.Client.GetAsync("later")).DueAt);
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        await engine.TrickleAsync(engine.Client.Handle("delayed").WaitAsync());
        await engine.TrickleAsync(engine.Client.Handle("later").WaitAsync());
        Assert.Equal(["later", "delayed"], probe.Calls[5..]);
    }

    [Theory, EveryStore]
    public async Task O5_APayloadOfOneByteTooMuchIsRefusedAndNothingIsStored(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("echo", (WorkflowContext ctx, string text) => ctx.StepAsync("length", () => Task.FromResult(text.Length)))
            .AddWorkflow("grow", (WorkflowContext ctx, int size) => ctx.StepAsync("grow", () => Task.FromResult(new string('x', size))))
            .AddWorkflow("wait", (WorkflowContext ctx, Unit _) => ctx.WaitForAsync(new Signal<string>("text"))));
        // The quotes count as well.
        var largest = new string('x', PerdureDefaults.MaxPayloadBytes - 2);

        Assert.Equal(largest.Length, await (await engine.Client.StartAsync("echo", largest)).ResultAsync<int>().Soon());
        var refused = await Assert.ThrowsAsync<PayloadTooLargeException>(() => engine.Client.StartAsync("echo", largest + "x"));
        Assert.Equal(PerdureDefaults.MaxPayloadBytes, refused.Limit);
        Assert.Single((await engine.Client.ListAsync(new() { Workflow = "echo" })).Runs);

        var grow = await engine.Client.StartAsync("grow", largest.Length + 1);
        var failed = await Assert.ThrowsAsync<RunFailedException>(() => grow.WaitAsync().Soon());
        Assert.Equal(ErrorCodes.PayloadTooLarge, failed.ErrorCode);

        var wait = await engine.Client.StartAsync("wait", Unit.Value);
        await Assert.ThrowsAsync<PayloadTooLargeException>(() => wait.SignalAsync("text", largest + "x"));
        await wait.SignalAsync("text", largest).Soon();
        Assert.Equal(largest, await wait.ResultAsync<string>().Soon());
    }

    [Theory, EveryStore]
    public async Task ByName_AnInputThatDoesNotFitIsRefusedWithItsPath(StoreKind store)
    {
        await using var engine = await StartAsync(store, new Probe());

        var error = await Assert.ThrowsAsync<InputValidationException>(() =>
            engine.Client.StartAsync("order", JsonDocument.Parse("""{"id":"1","quantity":"many"}""").RootElement));

        Assert.Equal(["$.quantity"], error.Errors.Keys);
        Assert.DoesNotContain("many", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InputValidationException>(() => engine.Client.StartAsync("order", "text"));
        await Assert.ThrowsAsync<InputValidationException>(() => engine.Client.StartAsync("order", new { id = "1", quantity = 1.5 }));
        Assert.Empty((await engine.Client.ListAsync()).Runs);
        Assert.Equal("done 7", await (await engine.Client.StartAsync("order", new { ID = "7", quantity = 1 })).ResultAsync<string>().Soon());
    }

    [Theory, EveryStore]
    public async Task AnUnknownWorkflowIsRefusedByTheNearestName_UnlessAnotherProcessHasIt(StoreKind store)
    {
        await using var engine = await StartAsync(store, new Probe());

        var error = await Assert.ThrowsAsync<UnknownWorkflowException>(() => engine.Client.StartAsync("ordr", new Order("1", 1)));
        Assert.Contains("did you mean 'order'?", error.Message, StringComparison.Ordinal);
        var remote = await engine.Client.StartAsync("ordr", new Order("1", 1), new() { AllowRemote = true }).Soon();

        // This worker serves the queue and does not know it: the run is put aside, visibly.
        await remote.BecomesAsync(RunStatus.Blocked);
        Assert.Equal("UnknownWorkflow", (await remote.GetAsync()).BlockedReason);
    }

    [Theory, EveryStore]
    public async Task WhatAStartGave_IsReadBack(StoreKind store)
    {
        await using var engine = await StartAsync(store, new Probe());
        var now = engine.Clock.GetUtcNow();

        var run = await engine.Client.StartAsync(Orders, new("1", 2), new()
        {
            Key = "k", Queue = "elsewhere", Priority = 7, RunTimeout = TimeSpan.FromHours(2), ScheduledAt = now + TimeSpan.FromHours(1),
            Tags = new Dictionary<string, string> { ["customer"] = "ann" }, Metadata = new Dictionary<string, string> { ["trace"] = "t1" },
        }).Soon();
        var info = await run.GetAsync();

        Assert.Equal(("order", 1, RunStatus.Pending, RunPhase.Normal), (info.Workflow, info.Version, info.Status, info.Phase));
        Assert.Equal(("elsewhere", 7, "k"), (info.Queue, info.Priority, info.Key));
        Assert.Equal((now, now + TimeSpan.FromHours(1), now + TimeSpan.FromHours(3)), (info.CreatedAt, info.DueAt, info.Deadline));
        Assert.Equal("ann", info.Tags["customer"]);
        Assert.Equal("t1", info.Metadata["trace"]);
        Assert.Equal("""{"id":"1","quantity":2}""", info.Input.GetRawText());
        Assert.Null(info.Result);
        Assert.Matches("^[0-9a-f]{32}$", info.Id);
    }

    [Fact]
    public async Task OptionsThatBreakARule_AreRefusedByName()
    {
        await using var engine = await StartAsync(StoreKind.Memory, new Probe());
        foreach (var (options, name) in new (StartOptions, string)[]
        {
            (new() { Key = "" }, "key"),
            (new() { Id = new string('x', 201) }, "run id"),
            (new() { Priority = 1001 }, "StartOptions.Priority"),
            (new() { Delay = TimeSpan.FromSeconds(1), ScheduledAt = DateTimeOffset.UnixEpoch }, "StartOptions.Delay"),
            (new() { RunTimeout = TimeSpan.Zero }, "StartOptions.RunTimeout"),
            (new() { Queue = "_mine" }, "queue name"),
            (new() { OnConflict = (ConflictPolicy)9 }, "StartOptions.OnConflict"),
            (new() { KeyTtl = TimeSpan.FromDays(1) }, "StartOptions.KeyTtl"), (new() { Key = "k", KeyTtl = TimeSpan.FromMilliseconds(999) }, "StartOptions.KeyTtl"),
            (new() { Key = "k", KeyTtl = TimeSpan.FromDays(3654) }, "StartOptions.KeyTtl"),
        })
        {
            var error = await Assert.ThrowsAsync<InvalidOptionException>(() => engine.Client.StartAsync(Orders, new("1", 1), options));
            Assert.Equal(name, error.Option);
        }
        Assert.Empty((await engine.Client.ListAsync()).Runs);
    }

    private static Task<TestEngine> StartAsync(StoreKind store, Probe probe) => TestEngine.StartAsync(store, builder => builder
        .AddWorkflow(Orders, (ctx, order) => ctx.StepAsync("work", () => probe.NoteAsync("work", "done " + order.Id)))
        .AddWorkflow("other", (WorkflowContext ctx, Order order) => Task.FromResult(order.Id)));
}
