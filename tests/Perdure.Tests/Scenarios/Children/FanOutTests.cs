using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Children;

/// <summary>Many activities or children at once.</summary>
public class FanOutTests
{
    private static readonly WorkflowDefinition<int, int> Leaf = new("leaf");
    private static readonly ActivityDefinition<int, int> Work = new("work");
    private static readonly WorkflowDefinition<int, string> Top = new("top");

    [Theory, EveryStore]
    public async Task I4_CollectAll_WithOneFailure_HasEveryOutcomeTagged(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow(Leaf, (ctx, n) => n == 2 ? Task.FromException<int>(new WorkflowFailureException("bad", "two")) : Task.FromResult(n * 10))
            .AddWorkflow(Top, async (ctx, n) =>
            {
                var result = await ctx.FanOutAsync(Enumerable.Range(0, n), Leaf, new() { Strategy = FanOutStrategy.CollectAll });
                var (good, bad) = result.Partition();
                return $"{string.Join(' ', result.Values)} | {good.Count} {bad.Single().Index} {((ChildWorkflowException)bad[0].Error!).ErrorCode} | {result.Total} = {result.SuccessCount} + {result.FailedCount} + {result.CancelledCount} {result.AllSucceeded}";
            }));
        Assert.Equal("0 10 30 40 | 4 2 bad | 5 = 4 + 1 + 0 False", await engine.TrickleAsync(engine.Client.RunAsync(Top, 5)));
    }

    [Theory, EveryStore]
    public async Task H11_ListsByStatus_CountsAndRoots_AreRightWithNestedFanOuts(StoreKind store)
    {
        var go = new Signal<int>("go");
        var middle = new WorkflowDefinition<int, int>("middle");
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow(Leaf, async (ctx, n) => n % 2 == 1 ? n : await ctx.WaitForAsync(go))
            .AddWorkflow(middle, async (ctx, n) => (await ctx.FanOutAsync([10 * n, 10 * n + 1], Leaf)).Values.Sum())
            .AddWorkflow(Top, async (ctx, n) => $"{(await ctx.FanOutAsync(Enumerable.Range(1, n), middle)).Values.Sum()}"));
        var run = await engine.Client.StartAsync(Top, 3).Soon();
        var below = new RunFilter { Root = run.Id };
        await engine.TrickleAsync(Waiting.UntilAsync(async () => await engine.Client.CountAsync(below) is var counts
            && counts.GetValueOrDefault(RunStatus.Completed) == 3 && counts.GetValueOrDefault(RunStatus.Suspended) == 6));

        Assert.Equal([RunStatus.Suspended, RunStatus.Completed], (await engine.Client.CountAsync(below)).OrderBy(static count => count.Key).Select(static count => count.Key));
        Assert.Equal(1, (await engine.Client.CountAsync(new RunFilter { TopLevelOnly = true, Workflow = "top" })).Values.Sum());
        var children = (await engine.Client.ListAsync(new RunFilter { Parent = run.Id })).Runs;
        Assert.Equal(["middle", "middle", "middle"], children.Select(static child => child.Workflow));
        foreach (var child in children)
        {
            Assert.Equal((run.Id, run.Id), (await engine.Client.GetAsync(child.Id)) is var info ? (info.ParentId, info.RootId) : default);
            var finished = Assert.Single((await engine.Client.ListAsync(new RunFilter { Parent = child.Id, Statuses = [RunStatus.Completed] })).Runs);
            var waiting = Assert.Single((await engine.Client.ListAsync(new RunFilter { Parent = child.Id, Statuses = [RunStatus.Suspended] })).Runs);
            foreach (var leaf in new[] { finished, waiting })
                Assert.Equal((child.Id, run.Id), (await engine.Client.GetAsync(leaf.Id)) is var deep ? (deep.ParentId, deep.RootId) : default);
            await engine.Client.SignalAsync(waiting.Id, go, 100).Soon();
        }

        Assert.Equal("363", await engine.TrickleAsync(run.ResultAsync()));
        var ended = Assert.Single(await engine.Client.CountAsync(below));
        Assert.Equal((RunStatus.Completed, 9), (ended.Key, ended.Value));
    }

    [Theory]
    [EveryStore("success", "3 0 2 False")]
    [EveryStore("failure", "0 3 2 True")]
    public async Task I5_Threshold_EndsAtOnceWhenReachedOrImpossible(StoreKind store, string ends, string expected)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddActivity("work", async (int n, CancellationToken ct) =>
            {
                if (n >= 3) await probe.HoldAsync($"held {n}", ct);
                return ends == "success" ? n : throw new NonRetryableException("no");
            })
            .AddWorkflow(Top, async (ctx, n) =>
            {
                var result = await ctx.FanOutAsync(Enumerable.Range(0, n), Work, new() { Strategy = FanOutStrategy.Threshold(0.6) });
                return $"{result.SuccessCount} {result.FailedCount} {result.CancelledCount} {result.IsDoomed}";
            }));
        Assert.Equal(expected, await engine.TrickleAsync(engine.Client.RunAsync(Top, 5)));
    }

    [Theory, EveryStore]
    public async Task FailFast_CancelsTheRestAndThrowsWithWhatThereWas(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow(Leaf, async (ctx, n) =>
            {
                if (n == 1) throw new WorkflowFailureException("bad", "one");
                if (n > 1) await ctx.SleepAsync(TimeSpan.FromDays(1));
                return n;
            })
            .AddWorkflow(Top, async (ctx, n) =>
            {
                await ctx.SleepAsync(TimeSpan.Zero);
                var failed = await Assert.ThrowsAsync<FanOutFailedException<int>>(() => ctx.FanOutAsync(Enumerable.Range(0, n), Leaf, new() { AwaitCancelled = true }));
                return $"{failed.Result.SuccessCount} {failed.Result.FailedCount} {failed.Result.CancelledCount} {((ChildWorkflowException)failed.InnerException!).ErrorCode}";
            }));
        var run = await engine.Client.StartAsync(Top, 4).Soon();
        Assert.Equal("1 1 2 bad", await engine.TrickleAsync(run.ResultAsync()));
        Assert.Equal(2, (await engine.Client.CountAsync(new() { Parent = run.Id }))[RunStatus.Cancelled]);
    }

    [Theory, EveryStore]
    public async Task ChildrenOfAFanOut_GoWithTheirParent_UnlessTheirPolicySaysOtherwise(StoreKind store)
    {
        var go = new Signal<int>("go");
        foreach (var policy in new ParentClosePolicy?[] { null, ParentClosePolicy.Abandon })
        {
            await using var engine = await TestEngine.StartAsync(store, builder => builder
                .AddWorkflow(Leaf, (ctx, n) => ctx.WaitForAsync(go))
                .AddWorkflow(Top, async (ctx, n) =>
                {
                    var all = ctx.FanOutAsync(Enumerable.Range(0, n), Leaf, each: new() { ParentClosePolicy = policy });
                    await ctx.WaitForAsync(go);
                    return all.IsCompleted ? "too soon" : throw new WorkflowFailureException("bad", "with children");
                }));
            var run = await engine.Client.StartAsync(Top, 3).Soon();
            await engine.TrickleAsync(Waiting.UntilAsync(async () => (await engine.Client.CountAsync(new() { Parent = run.Id })).GetValueOrDefault(RunStatus.Suspended) == 3));
            await run.SignalAsync(go, 1).Soon();
            await Assert.ThrowsAsync<RunFailedException>(() => engine.TrickleAsync(run.WaitAsync()));

            if (policy is null)
            {
                await engine.TrickleAsync(Waiting.UntilAsync(async () => (await engine.Client.CountAsync(new() { Parent = run.Id })).GetValueOrDefault(RunStatus.Cancelled) == 3));
                continue;
            }
            foreach (var child in (await engine.Client.ListAsync(new() { Parent = run.Id })).Runs)
            {
                await engine.Client.Handle(child.Id).SignalAsync(go, 7).Soon();
                Assert.Equal(7, await engine.TrickleAsync(engine.Client.Handle(child.Id).ResultAsync<int>()));
            }
        }
    }

    [Theory, EveryStore]
    public async Task I8_ConcurrencyCap_IsNeverExceeded_AndResultsAreInOrder(StoreKind store)
    {
        var (running, most, count) = (0, 0, store == StoreKind.Memory ? 1_000 : 100);
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddActivity("work", async (int n) =>
            {
                var now = Interlocked.Increment(ref running);
                lock (Work) most = Math.Max(most, now);
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return n * 2;
            })
            .AddWorkflow(Top, async (ctx, n) =>
            {
                var result = await ctx.FanOutAsync(Enumerable.Range(0, n), Work, new() { MaxConcurrent = 10 });
                return result.Values.SequenceEqual(Enumerable.Range(0, n).Select(static i => i * 2)) ? "in order" : "out of order";
            }), options => options.Queues["default"] = 50);
        Assert.Equal("in order", await engine.TrickleAsync(engine.Client.RunAsync(Top, count)));
        Assert.InRange(most, 1, 10);
    }

    [Theory, EveryStore]
    public async Task I15_PerItemRetryPolicy_IsHonoured(StoreKind store)
    {
        var attempts = new int[3];
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddActivity("work", (int n, StepInfo info) => Interlocked.Increment(ref attempts[n]) < 4 ? throw new InvalidOperationException("again") : Task.FromResult(info.Attempt))
            .AddWorkflow(Top, async (ctx, n) =>
            {
                var each = new ActivityOptions { Retry = RetryPolicy.Default with { MaxAttempts = 4 } };
                return string.Join(' ', (await ctx.FanOutAsync(Enumerable.Range(0, n), Work, each: each)).Values);
            }));
        Assert.Equal("4 4 4", await engine.TrickleAsync(engine.Client.RunAsync(Top, 3)));
        Assert.Equal([4, 4, 4], attempts);
    }

    [Fact]
    public async Task NoItems_IsOverAtOnce()
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder => builder.AddWorkflow(Top, async (ctx, n) =>
        {
            var (first, second) = (await ctx.FanOutAsync([], Work), await ctx.FanOutAsync([], Leaf, new() { Strategy = FanOutStrategy.Threshold(1) }));
            return $"{first.Total} {first.AllSucceeded} {second.Total} {second.IsDoomed}";
        }));
        Assert.Equal("0 True 0 False", await engine.TrickleAsync(engine.Client.RunAsync(Top, 0)));
    }

    [Theory, EveryStore(SeveralWorkers = true)]
    public async Task I11_ABranchRoutedToAnotherQueue_DoesNotHoldUpTheOthers(StoreKind kind)
    {
        var probe = new Probe();
        using var store = new TestStore(kind);
        void Register(IPerdureBuilder builder) => builder
            .AddActivity("work", (int n) => probe.NoteAsync($"worked {n}", n))
            .AddWorkflow(Top, async (ctx, n) =>
            {
                var far = ctx.ActivityAsync(Work, 99, new() { Queue = "far" });
                var near = await ctx.FanOutAsync(Enumerable.Range(0, n), Work);
                return $"{near.SuccessCount} {await far}";
            });
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync(Top, 3).Soon();
        await Waiting.UntilAsync(() => probe.Calls.Length == 3);
        await engine.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(RunStatus.Suspended, await run.StatusAsync());

        await using var other = await TestEngine.StartAsync(store, Register, options =>
        {
            options.Queues.Clear();
            options.Queues["far"] = 1;
        });
        Assert.Equal("3 99", await engine.TrickleAsync(run.ResultAsync()));
    }

    [Fact]
    public async Task WhenEach_GivesTasksInTheOrderOfTheirEnds()
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder => builder.AddWorkflow(Top, async (ctx, n) =>
        {
            async Task<int> SleepAsync(int seconds)
            {
                await ctx.SleepAsync(TimeSpan.FromSeconds(seconds));
                return seconds;
            }
            var seen = new List<int>();
            await foreach (var ended in ctx.WhenEachAsync([SleepAsync(30), SleepAsync(10), Task.FromResult(5), SleepAsync(20)])) seen.Add(await ended);
            return string.Join(' ', seen);
        }));
        Assert.Equal("5 10 20 30", await engine.TrickleAsync(engine.Client.RunAsync(Top, 0)));
    }
}
