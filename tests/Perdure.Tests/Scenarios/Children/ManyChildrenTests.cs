using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Children;

/// <summary>How many children a run may have.</summary>
public class ManyChildrenTests
{
    private static readonly WorkflowDefinition<int, int> Leaf = new("leaf");

    /// <summary>Nobody serves their queue: they are born, and that is all.</summary>
    private static readonly ChildOptions Idle = new() { Queue = "nobody", Detached = true };

    [Fact]
    public async Task StartChild_AtTheLimit_StartsTheLastOne_AndRefusesTheNextWithoutAnOrphan()
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder => builder
            .AddWorkflow(Leaf, (_, n) => Task.FromResult(n))
            .AddWorkflow("parent", async (WorkflowContext ctx, int children) =>
            {
                for (var i = 0; i < children; i++) ctx.StartChild(Leaf, i, Idle);
                var refused = Assert.Throws<TooManyChildrenException>(() => { ctx.StartChild(Leaf, children, Idle); });
                // The refusal takes nothing of the run's own: it goes on.
                return await ctx.StepAsync("after", () => Task.FromResult(refused.Code));
            }));
        var run = await engine.Client.StartAsync("parent", PerdureDefaults.MaxChildren).Soon();

        Assert.Equal(ErrorCodes.TooManyChildren, await engine.TrickleAsync(run.ResultAsync<string>()));
        Assert.Equal((10_000, 10_000), (PerdureDefaults.MaxChildren, (await engine.Client.CountAsync(new() { Parent = run.Id }))[RunStatus.Pending]));
    }

    [Fact]
    public async Task StartChild_InAFurtherAttemptOfTheWorkflow_DoesNotCountThoseAgainThatItWaitsFor()
    {
        const int before = 6000;
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder => builder
            .AddWorkflow(Leaf, (_, n) => Task.FromResult(n))
            .AddWorkflow("parent", (WorkflowContext ctx, Unit _) =>
            {
                for (var i = 0; i < before; i++) ctx.StartChild(Leaf, i, Idle);
                if (ctx.Attempt == 1) throw new InvalidOperationException("first attempt");
                for (var i = before; i < PerdureDefaults.MaxChildren; i++) ctx.StartChild(Leaf, i, Idle);
                Assert.Throws<TooManyChildrenException>(() => { ctx.StartChild(Leaf, -1, Idle); });
                return Task.FromResult(ctx.Attempt);
            }, new() { Retry = RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { MaxAttempts = 2 } }));
        var run = await engine.Client.StartAsync("parent", default(Unit)).Soon();

        Assert.Equal(2, await engine.TrickleAsync(run.ResultAsync<int>()));
        Assert.Equal(PerdureDefaults.MaxChildren, (await engine.Client.CountAsync(new() { Parent = run.Id })).Values.Sum());
    }

    [Fact]
    public async Task FanOut_BehindTheLimit_FailsWithTheItemThatCouldNotBeStarted_AndCancelsTheRest()
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder => builder
            .AddWorkflow(Leaf, async (ctx, n) =>
            {
                await ctx.WaitForAsync(new Signal<int>("never"));
                return n;
            })
            .AddWorkflow("parent", async (WorkflowContext ctx, int children) =>
            {
                for (var i = 0; i < PerdureDefaults.MaxChildren - children; i++) ctx.StartChild(Leaf, i, Idle);
                var failed = await Assert.ThrowsAsync<FanOutFailedException<int>>(() => ctx.FanOutAsync(Enumerable.Range(0, children + 1), Leaf));
                var late = Assert.Single(failed.Result.Items, static item => item.Outcome == FanOutOutcome.Failed);
                return $"{late.Index} {((TooManyChildrenException)late.Error!).Code} {failed.Result.CancelledCount}";
            }));
        var run = await engine.Client.StartAsync("parent", 5).Soon();

        Assert.Equal($"5 {ErrorCodes.TooManyChildren} 5", await engine.TrickleAsync(run.ResultAsync<string>()));
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await engine.Client.CountAsync(new() { Parent = run.Id })).GetValueOrDefault(RunStatus.Cancelled) == 5));
        Assert.Equal(PerdureDefaults.MaxChildren, (await engine.Client.CountAsync(new() { Parent = run.Id })).Values.Sum());
    }
}
