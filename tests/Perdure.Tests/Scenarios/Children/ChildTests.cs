using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Children;

/// <summary>Runs that start runs and wait for them.</summary>
public class ChildTests
{
    private static readonly WorkflowDefinition<int, int> Leaf = new("leaf");
    private static readonly WorkflowDefinition<int, int> Middle = new("middle");
    private static readonly WorkflowDefinition<int, int> Top = new("top");
    private static readonly Signal<int> Go = new("go");

    [Theory, EveryStore]
    public async Task H1_ThreeLevels_WaitForEachOtherAndUnwind(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow(Leaf, async (ctx, n) => n + await ctx.WaitForAsync(Go))
            .AddWorkflow(Middle, async (ctx, n) => 10 * await ctx.ChildAsync(Leaf, n + 1))
            .AddWorkflow(Top, async (ctx, n) => 1 + await ctx.ChildAsync(Middle, n + 1)));
        var run = await engine.Client.StartAsync(Top, 1).Soon();
        string? middle = null, leaf = null;
        await engine.TrickleAsync(Waiting.UntilAsync(async () =>
        {
            middle ??= (await engine.Client.ListAsync(new() { Parent = run.Id })).Runs.SingleOrDefault()?.Id;
            if (middle is not null) leaf ??= (await engine.Client.ListAsync(new() { Parent = middle })).Runs.SingleOrDefault()?.Id;
            return leaf is not null && await engine.Client.Handle(leaf).StatusAsync() == RunStatus.Suspended;
        }));
        Assert.Equal([RunStatus.Suspended, RunStatus.Suspended], [await run.StatusAsync(), await engine.Client.Handle(middle!).StatusAsync()]);
        Assert.Contains((await run.GetAsync()).WaitingFor, wait => wait is { Kind: "child", Name: "middle" });

        await engine.Client.SignalAsync(leaf!, Go, 4);
        Assert.Equal(71, await engine.TrickleAsync(run.ResultAsync()));
        Assert.Equal((run.Id, run.Id, middle, run.Id), await ParentsAsync(engine, middle!, leaf!));
        Assert.Equal(
            [EventKind.WorkflowStarted, EventKind.ChildStarted, EventKind.ChildCompleted, EventKind.WorkflowCompleted],
            (await run.GetHistoryAsync()).Select(e => e.Kind));
    }

    [Theory, EveryStore]
    public async Task H5_SameTypeAndSameInput_AreTwoChildren(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow(Leaf, (ctx, n) => ctx.StepAsync("work", () => Task.FromResult(n * 2)))
            .AddWorkflow(Top, async (ctx, n) =>
            {
                var (first, second) = (ctx.StartChild(Leaf, n), ctx.StartChild(Leaf, n));
                Assert.NotEqual(first.Id, second.Id);
                return await first.ResultAsync() + await second.ResultAsync();
            }));
        var run = await engine.Client.StartAsync(Top, 3).Soon();

        Assert.Equal(12, await engine.TrickleAsync(run.ResultAsync()));
        Assert.Equal(2, (await engine.Client.CountAsync(new() { Parent = run.Id }))[RunStatus.Completed]);
    }

    [Theory, EveryStore]
    public async Task ChildAsync_ChildFails_ThrowsItsErrorAndOutcome(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("leaf", (WorkflowContext _, int _) => Task.FromException<int>(new WorkflowFailureException("no_stock", "none left")))
            .AddWorkflow("top", async (WorkflowContext ctx, int n) =>
            {
                try
                {
                    return (await ctx.ChildAsync<int>("leaf", n)).ToString();
                }
                catch (ChildWorkflowException e)
                {
                    return $"{e.Outcome} {e.ErrorCode} {e.ErrorMessage} {e.Name} {e.Compensated}";
                }
            }));
        Assert.Equal("Failed no_stock none left leaf False", await engine.TrickleAsync(engine.Client.RunAsync(new WorkflowDefinition<int, string>("top"), 1)));
    }

    [Theory, EveryStore]
    public async Task G5_ParentCancelled_ChildAndGrandchildAreToldAndCleanupMayAwaitThem(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow(Leaf, async (ctx, n) =>
            {
                try
                {
                    return await ctx.WaitForAsync(Go);
                }
                catch (WorkflowCancelledException e)
                {
                    probe.Note($"leaf {e.Cause}");
                    throw;
                }
            })
            .AddWorkflow(Middle, (ctx, n) => ctx.ChildAsync(Leaf, n))
            .AddWorkflow(Top, async (ctx, n) =>
            {
                var child = ctx.StartChild(Middle, n);
                try
                {
                    return await child.ResultAsync();
                }
                catch (WorkflowCancelledException)
                {
                    await ctx.ShieldAsync(async () =>
                    {
                        var ended = await Assert.ThrowsAsync<ChildWorkflowException>(child.ResultAsync);
                        probe.Note($"top saw {ended.Outcome}");
                    });
                    throw;
                }
            }));
        var run = await engine.Client.StartAsync(Top, 1).Soon();
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await engine.Client.CountAsync(new() { Root = run.Id, Statuses = [RunStatus.Suspended] })).GetValueOrDefault(RunStatus.Suspended) == 2));
        await run.CancelAsync("enough").Soon();

        await Assert.ThrowsAsync<RunCancelledException>(() => engine.TrickleAsync(run.ResultAsync()));
        // The middle one does not wait for the leaf.
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await engine.Client.CountAsync(new() { Root = run.Id })).GetValueOrDefault(RunStatus.Cancelled) == 2));
        Assert.Equal(["leaf Parent", "top saw Cancelled"], probe.Calls.Order());
    }

    [Theory, EveryStore]
    public async Task H6_WaitLimit_ParentGoesOnAndTheChildOnlyEndsWhenAsked(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow(Leaf, async (ctx, n) =>
            {
                await ctx.SleepAsync(TimeSpan.FromSeconds(60));
                return n;
            })
            .AddWorkflow("top", async (WorkflowContext ctx, bool cancels) =>
            {
                var begun = ctx.UtcNow;
                await Assert.ThrowsAsync<WaitLimitException>(() => ctx.ChildAsync(Leaf, 1, new() { WaitLimit = TimeSpan.FromSeconds(5), CancelOnTimeout = cancels, ParentClosePolicy = ParentClosePolicy.Abandon }));
                return (ctx.UtcNow - begun).TotalSeconds;
            }));
        var patient = await engine.Client.StartAsync("top", false).Soon();
        var strict = await engine.Client.StartAsync("top", true).Soon();

        Assert.InRange(await engine.TrickleAsync(patient.ResultAsync<double>()), 5, 50);
        Assert.InRange(await engine.TrickleAsync(strict.ResultAsync<double>()), 5, 50);
        var (goes, ends) = ((await engine.Client.ListAsync(new() { Parent = patient.Id })).Runs[0].Id, (await engine.Client.ListAsync(new() { Parent = strict.Id })).Runs[0].Id);
        await Assert.ThrowsAsync<RunCancelledException>(() => engine.TrickleAsync(engine.Client.Handle<int>(ends).ResultAsync()));
        Assert.Equal(1, await engine.TrickleAsync(engine.Client.Handle<int>(goes).ResultAsync()));
    }

    [Theory, EveryStore]
    public async Task H7_DetachedChild_SurvivesItsParent(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow(Leaf, (ctx, _) => ctx.WaitForAsync(Go))
            .AddWorkflow("top", async (WorkflowContext ctx, bool waits) =>
            {
                var child = ctx.StartChild(Leaf, 1, new() { Detached = true });
                return waits ? (await child.ResultAsync()).ToString() : child.Id;
            }));
        var child = await engine.TrickleAsync(engine.Client.RunAsync(new WorkflowDefinition<bool, string>("top"), false));
        var parent = await engine.Client.StartAsync(new WorkflowDefinition<bool, string>("top"), true).Soon();
        var other = "";
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (other = (await engine.Client.ListAsync(new() { Parent = parent.Id })).Runs.SingleOrDefault()?.Id ?? "").Length > 0));
        await parent.CancelAsync().Soon();
        await Assert.ThrowsAsync<RunCancelledException>(() => engine.TrickleAsync(parent.ResultAsync()));

        foreach (var id in new[] { child, other })
        {
            await engine.Client.SignalAsync(id, Go, 5).Soon();
            Assert.Equal(5, await engine.TrickleAsync(engine.Client.Handle<int>(id).ResultAsync()));
        }
    }

    [Theory, EveryStore]
    public async Task TerminatedParent_TerminatesTheChildWhosePolicySaysSo(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow(Leaf, (ctx, _) => ctx.WaitForAsync(Go))
            .AddWorkflow(Top, (ctx, n) => ctx.ChildAsync(Leaf, n, new() { ParentClosePolicy = ParentClosePolicy.Terminate })));
        var run = await engine.Client.StartAsync(Top, 1).Soon();
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await engine.Client.CountAsync(new() { Parent = run.Id })).Count > 0));
        await run.TerminateAsync("now").Soon();

        await Assert.ThrowsAsync<RunTerminatedException>(() => engine.TrickleAsync(run.ResultAsync()));
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await engine.Client.CountAsync(new() { Parent = run.Id })).ContainsKey(RunStatus.Terminated)));
    }

    [Theory, EveryStore]
    public async Task DirectTerminationOfTheChild_IsToldToTheParent_AndTheChildIsNotRetried(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow(Leaf, (ctx, _) => ctx.WaitForAsync(Go))
            .AddWorkflow("top", async (WorkflowContext ctx, int n) =>
            {
                var failed = await Assert.ThrowsAsync<ChildWorkflowException>(() => ctx.ChildAsync(Leaf, n));
                await ctx.WaitForAsync(Go);
                return failed.Outcome;
            }));
        var run = await engine.Client.StartAsync(new WorkflowDefinition<int, ChildOutcome>("top"), 1).Soon();
        var child = "";
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (child = (await engine.Client.ListAsync(new() { Parent = run.Id })).Runs.SingleOrDefault()?.Id ?? "").Length > 0));
        await engine.Client.TerminateAsync(child, "by hand").Soon();
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor is [{ Kind: "signal" }]));

        Assert.Equal(ErrorCodes.ParentStillOpen, (await Assert.ThrowsAsync<RunInUseException>(() => engine.Client.RetryAsync(child))).Code);
        Assert.Equal(ErrorCodes.RunInUse, (await Assert.ThrowsAsync<RunInUseException>(() => engine.Client.DeleteAsync(child))).Code);
        await run.SignalAsync(Go, 1).Soon();
        Assert.Equal(ChildOutcome.Terminated, await engine.TrickleAsync(run.ResultAsync()));
    }

    [Theory, EveryStore]
    public async Task H9_NestingBeyond32_IsRefusedInTheParent(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("deep", async (WorkflowContext ctx, int n) =>
        {
            try
            {
                return await ctx.ChildAsync<string>("deep", n + 1);
            }
            catch (NestingDepthExceededException e)
            {
                return $"{n} {e.Code}";
            }
        }));
        Assert.Equal($"32 {ErrorCodes.NestingDepthExceeded}", await engine.TrickleAsync(engine.Client.RunAsync(new WorkflowDefinition<int, string>("deep"), 0)));
        Assert.Equal(33, (await engine.Client.CountAsync(new() { Workflow = "deep" }))[RunStatus.Completed]);
    }

    [Theory, EveryStore]
    public async Task I7_ManyChildrenAcrossAStop_AreEachThereOnce(StoreKind kind)
    {
        using var store = new TestStore(kind);
        void Register(IPerdureBuilder builder) => builder
            .AddWorkflow(Leaf, async (ctx, n) =>
            {
                await ctx.SleepAsync(TimeSpan.FromSeconds(1));
                return n;
            })
            .AddWorkflow(Top, async (ctx, n) => (await Task.WhenAll(Enumerable.Range(0, n).Select(i => ctx.ChildAsync(Leaf, i)))).Sum());
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            id = (await first.Client.StartAsync(Top, 10).Soon()).Id;
            await Waiting.UntilAsync(async () => (await first.Client.CountAsync(new() { Parent = id })).Values.Sum() > 0);
            await first.StopAsync();
        }
        await using var second = await TestEngine.StartAsync(store, Register);

        Assert.Equal(45, await second.TrickleAsync(second.Client.Handle<int>(id).ResultAsync()));
        Assert.Equal(10, (await second.Client.CountAsync(new() { Parent = id }))[RunStatus.Completed]);
        Assert.Equal(10, (await second.Client.GetHistoryAsync(id, kinds: [EventKind.ChildCompleted])).Select(e => e.Operation).Distinct().Count());
    }

    [Theory, EveryStore]
    public async Task ChosenIdThatIsTaken_FailsTheChild_AndLeavesTheOtherRunAlone(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow(Leaf, (ctx, _) => ctx.WaitForAsync(Go))
            .AddWorkflow("top", async (WorkflowContext ctx, string id) =>
            {
                var child = ctx.StartChild(Leaf, 1, new() { Id = id });
                await child.SignalAsync(Go, 7);
                return (await Assert.ThrowsAsync<ChildWorkflowException>(child.ResultAsync)).ErrorCode;
            }));
        var stranger = await engine.Client.StartAsync(Leaf, 2, new() { Id = "mine" }).Soon();

        Assert.Equal(ErrorCodes.AlreadyExists, await engine.TrickleAsync(engine.Client.RunAsync(new WorkflowDefinition<string, string>("top"), "mine")));
        Assert.Empty(await stranger.GetHistoryAsync(kinds: [EventKind.SignalReceived, EventKind.CancelRequested]));
    }

    [Theory, EveryStore]
    public async Task WorkflowRetry_ChildThatLives_IsWaitedForAgainAndNotStartedTwice(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow(Leaf, (ctx, _) => ctx.WaitForAsync(Go))
            .AddWorkflow("top", async (WorkflowContext ctx, int n) =>
            {
                var child = ctx.StartChild(Leaf, n);
                if (ctx.Attempt == 1) throw new InvalidOperationException("first attempt");
                return await child.ResultAsync();
            }));
        var run = await engine.Client.StartAsync(new WorkflowDefinition<int, int>("top"), 1, new() { Retry = RetryPolicy.Default with { MaxAttempts = 2 } }).Soon();
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor is [{ Kind: "child" }]));
        var child = Assert.Single((await engine.Client.ListAsync(new() { Parent = run.Id })).Runs);
        await engine.Client.SignalAsync(child.Id, Go, 9).Soon();

        Assert.Equal(9, await engine.TrickleAsync(run.ResultAsync()));
    }

    private static async Task<(string?, string?, string?, string?)> ParentsAsync(TestEngine engine, string middle, string leaf)
    {
        var (a, b) = (await engine.Client.GetAsync(middle), await engine.Client.GetAsync(leaf));
        return (a.ParentId, a.RootId, b.ParentId, b.RootId);
    }

    [Theory, EveryStore]
    public async Task StatusAsync_TellsWhereTheChildStands_TheSameOnEveryReplay(StoreKind store)
    {
        var go = new Signal<string>("go");
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("waiting", async (WorkflowContext ctx, int round) =>
            {
                await ctx.WaitForAsync(go);
                return round == 2 ? "ended" : await ctx.ContinueAsNewAsync<string>(round + 1);
            })
            .AddWorkflow("asking", async (WorkflowContext ctx, Unit _) =>
            {
                var child = ctx.StartChild<string>("waiting", 1);
                ctx.Publish(new Published<string>("child"), child.Id);
                var seen = new List<string>();
                for (var i = 0; i < 3; i++)
                {
                    await ctx.WaitForAsync(go);
                    seen.Add((await child.StatusAsync()).ToString());
                }
                return string.Join(' ', seen);
            }));
        var run = await engine.Client.StartAsync("asking", default(Unit)).Soon();
        await Waiting.UntilAsync(async () => (await run.GetAsync()).Published.ContainsKey("child"));
        var child = engine.Client.Handle((await run.GetAsync()).Published["child"].GetString()!);
        await child.WaitsForAsync("signal");
        await run.SignalAsync(go, "ask").Soon();
        await Waiting.UntilAsync(async () => (await run.GetHistoryAsync(kinds: [EventKind.StepCompleted])).Count == 1);
        await child.SignalAsync(go, "on").Soon();
        await engine.TrickleAsync(Waiting.UntilAsync(async () => await engine.Client.GetChainAsync(child.Id) is [_, { Status: RunStatus.Suspended }]));
        await run.SignalAsync(go, "ask").Soon();
        await Waiting.UntilAsync(async () => (await run.GetHistoryAsync(kinds: [EventKind.StepCompleted])).Count == 2);
        await child.SignalAsync(go, "end").Soon();
        await engine.TrickleAsync(child.WaitAsync());
        await run.SignalAsync(go, "ask").Soon();

        Assert.Equal("Suspended Suspended Completed", await engine.TrickleAsync(run.ResultAsync<string>()));
        Assert.All(await run.GetHistoryAsync(kinds: [EventKind.StepCompleted]), static e => Assert.Equal("child-status", e.Name));
    }

    [Theory, EveryStore]
    public async Task D9_AChildThatRunsOutOfTime_IsTimedOut_AndItsParentIsToldSo(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, static builder => builder
            .AddWorkflow("slow", static async (WorkflowContext ctx, Unit _) => await ctx.SleepAsync(TimeSpan.FromHours(1)))
            .AddWorkflow("patient", static async (WorkflowContext ctx, Unit _) =>
            {
                try
                {
                    return await ctx.ChildAsync<string>("slow", default(Unit), new() { RunTimeout = TimeSpan.FromSeconds(1) });
                }
                catch (ChildWorkflowException e)
                {
                    return $"{e.Outcome}";
                }
            }));
        var run = await engine.Client.StartAsync("patient", default(Unit)).Soon();
        Assert.Equal("TimedOut", await engine.TrickleAsync(run.ResultAsync<string>()));
        Assert.Equal(RunStatus.TimedOut, Assert.Single((await engine.Client.ListAsync(new() { Parent = run.Id })).Runs).Status);
    }

    [Theory, EveryStore]
    public async Task H3_AChildThatEndsBeforeItsParentWaits_WakesItOnce(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("quick", static (WorkflowContext ctx, int n) => ctx.StepAsync("answer", () => Task.FromResult(n + 1)))
            .AddWorkflow("busy", async (WorkflowContext ctx, Unit _) =>
            {
                var child = ctx.StartChild<int>("quick", 6);
                await ctx.StepAsync("hold", (CancellationToken ct) => probe.HoldAsync("hold", ct));
                return await child.ResultAsync();
            }));
        var run = await engine.Client.StartAsync("busy", default(Unit)).Soon();
        await probe.ReachedAsync("hold");
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await engine.Client.ListAsync(new() { Parent = run.Id })).Runs is [{ Status: RunStatus.Completed }]));
        probe.Open("hold");

        Assert.Equal(7, await engine.TrickleAsync(run.ResultAsync<int>()));
        Assert.Single(await run.GetHistoryAsync(kinds: [EventKind.ChildCompleted]));
        Assert.Equal(["hold"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task I9_ABranchSleepsAndWaits_AndOnlyItsOwnCodeGoesOn(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var (probe, go) = (new Probe(), new Signal<string>("go"));
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("branches", async (WorkflowContext ctx, Unit _) =>
        {
            var results = await ctx.ForEachAsync(["a", "b"], async item =>
            {
                await ctx.StepAsync("first " + item, () => probe.NoteAsync("first " + item, 1));
                if (item == "a") await ctx.SleepAsync(TimeSpan.FromHours(1));
                var signal = await ctx.WaitForAsync(new Signal<string>(item));
                return await ctx.StepAsync("second " + item, () => probe.NoteAsync("second " + item, item + signal));
            });
            return string.Join(' ', results);
        });
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("branches", default(Unit)).Soon();
            id = run.Id;
            await Waiting.UntilAsync(async () => (await run.GetAsync()) is { Status: RunStatus.Suspended, WaitingFor.Count: 2 });
            await first.StopAsync();
        }
        await using var second = await TestEngine.StartAsync(store, Register);
        var handle = second.Client.Handle(id);
        await handle.SignalAsync("b", "2").Soon();
        await second.TrickleAsync(probe.ReachedAsync("second b"));
        await second.AdvanceUntilAsync(async () => (await handle.GetHistoryAsync(kinds: [EventKind.SleepCompleted])).Count == 1, TimeSpan.FromMinutes(10));
        await handle.SignalAsync("a", "1").Soon();

        Assert.Equal("a1 b2", await second.TrickleAsync(handle.ResultAsync<string>()));
        Assert.Equal(["first a", "first b"], probe.Calls[..2].Order());
        Assert.Equal(["second b", "second a"], probe.Calls[2..]);
    }
}
