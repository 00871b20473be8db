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
        Assert.Equal(["leaf Parent", "top saw Cancelled"], probe.Calls.Order());
        Assert.Equal(2, (await engine.Client.CountAsync(new() { Root = run.Id }))[RunStatus.Cancelled]);
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

    private static async Task<(string?, string?, string?, string?)> ParentsAsync(TestEngine engine, string middle, string leaf)
    {
        var (a, b) = (await engine.Client.GetAsync(middle), await engine.Client.GetAsync(leaf));
        return (a.ParentId, a.RootId, b.ParentId, b.RootId);
    }
}
