using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Steps;

/// <summary>Steps that save how far they have come: their next attempt reads it, in this process or the next.</summary>
public class CheckpointTests
{
    private static readonly RetryPolicy Soon = RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { MaxAttempts = 3 };

    [Theory, EveryStore]
    public async Task Checkpoint_IsReadByTheNextAttempt_AndStandsInTheHistory(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("import", async (WorkflowContext ctx, int rows) =>
        {
            await ctx.StepAsync("rows", async (StepInfo info) =>
            {
                for (var row = info.LoadCheckpoint<int>(); row < rows; row++)
                {
                    probe.Note($"{info.Attempt}:{row}");
                    await info.SaveCheckpointAsync(row + 1);
                    Assert.Equal(row + 1, info.LoadCheckpoint<int>());
                    if (row + 1 == 2 * info.Attempt) throw new InvalidOperationException("tired");
                }
            }, new() { Retry = Soon });
            return await ctx.StepAsync("rows", (StepInfo info) => Task.FromResult(info.HasCheckpoint));
        }));
        var run = await engine.Client.StartAsync("import", 5).Soon();

        Assert.False(await engine.TrickleAsync(run.ResultAsync<bool>()));
        Assert.Equal(["1:0", "1:1", "2:2", "2:3", "3:4"], probe.Calls);
        var saved = await run.GetHistoryAsync(kinds: [EventKind.StepCheckpoint]);
        Assert.Equal([("step_checkpoint", 1, 1), ("step_checkpoint", 1, 2), ("step_checkpoint", 2, 3), ("step_checkpoint", 2, 4), ("step_checkpoint", 3, 5)],
            saved.Select(static e => (e.WireName, e.Attempt, e.Data!.Value.GetInt32())));
    }

    [Theory, EveryStore]
    public async Task Checkpoint_SurvivesItsProcess(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("long", (WorkflowContext ctx, Unit _) => ctx.StepAsync("work", async (StepInfo info, CancellationToken ct) =>
        {
            if (info.HasCheckpoint) return "went on behind " + info.LoadCheckpoint<string>();
            await info.SaveCheckpointAsync("page 7");
            await probe.HoldAsync("held", ct);
            return "never";
        }));
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register, static o => o.ShutdownGrace = TimeSpan.Zero))
        {
            id = (await first.Client.StartAsync("long", default(Unit)).Soon()).Id;
            await probe.ReachedAsync("held");
        }
        await using var second = await TestEngine.StartAsync(store, Register);
        Assert.Equal("went on behind page 7", await second.TrickleAsync(second.Client.Handle(id).ResultAsync<string>()));
    }

    [Theory, EveryStore]
    public async Task Checkpoint_Deleted_LetsTheNextAttemptBeginAnew_AndTheNextAttemptOfTheWorkflowReadsWhatIsLeft(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("twice", async (WorkflowContext ctx, Unit _) =>
        {
            await ctx.StepAsync("deletes", async (StepInfo info) =>
            {
                probe.Note($"deletes {info.HasCheckpoint}");
                await info.DeleteCheckpointAsync();
                await info.SaveCheckpointAsync(1);
                await info.DeleteCheckpointAsync();
                if (info.Attempt == 1) throw new InvalidOperationException("once more");
            }, new() { Retry = Soon });
            return await ctx.StepAsync("keeps", async (StepInfo info) =>
            {
                var page = info.LoadCheckpoint<int>();
                await info.SaveCheckpointAsync(page + 1);
                return page == 1 ? page : throw new InvalidOperationException("fails for good");
            }, new() { Retry = RetryPolicy.None });
        }, new() { Retry = Soon with { MaxAttempts = 2 } }));
        var run = await engine.Client.StartAsync("twice", default(Unit)).Soon();

        Assert.Equal(1, await engine.TrickleAsync(run.ResultAsync<int>()));
        Assert.Equal(["deletes False", "deletes False"], probe.Calls);
    }

    [Fact]
    public async Task Checkpoint_OfAQueuedActivity_OrTooLarge_IsRefused_AndALocalActivityMayHaveOne()
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, static builder => builder
            .AddActivity("queued", static async (Unit _, StepInfo info) => (await Record.ExceptionAsync(() => info.SaveCheckpointAsync(1)))!.GetType().Name)
            .AddActivity("local", static async (Unit _, StepInfo info) =>
            {
                await info.SaveCheckpointAsync(info.Attempt);
                return info.Attempt == 1 ? throw new InvalidOperationException("once more") : info.LoadCheckpoint<int>();
            })
            .AddWorkflow("both", static async (WorkflowContext ctx, Unit _) =>
            {
                var refused = await ctx.ActivityAsync<string>("queued", default(Unit));
                var local = await ctx.ActivityAsync<int>("local", default(Unit), new() { RunLocally = true, Retry = Soon });
                var large = await ctx.StepAsync("large", static async (StepInfo info) => (await Record.ExceptionAsync(() => info.SaveCheckpointAsync(new string('x', 70_000))))!.GetType().Name);
                return $"{refused} {local} {large}";
            }));
        var run = await engine.Client.StartAsync("both", default(Unit)).Soon();
        Assert.Equal("InvalidOperationException 2 PayloadTooLargeException", await engine.TrickleAsync(run.ResultAsync<string>()));
    }
}
