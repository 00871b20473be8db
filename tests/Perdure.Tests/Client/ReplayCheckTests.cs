using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Client;

/// <summary>New code is run over what is stored before it is rolled out.</summary>
public class ReplayCheckTests
{
    private static readonly Signal<int> Go = new("go");

    [Fact]
    public async Task CheckReplay_OfCodeThatAsksWhetherItsHistoryIsLong_IsToldWhatItWasTold()
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder => builder.AddWorkflow("long", async (WorkflowContext ctx, Unit _) =>
        {
            for (var i = 0; i < 8 && !ctx.ShouldContinueAsNew; i++) await ctx.StepAsync("short", () => Task.FromResult(i));
            await ctx.StepAsync("after", static () => Task.FromResult(1));
            ctx.SetQueryHandler<int, int>("twice", static n => 2 * n);
            await ctx.WaitForAsync(Go);
        }), static o => o.HistoryWarning = 5);
        var run = await engine.Client.StartAsync("long", default(Unit)).Soon();
        await run.WaitsForAsync("signal");

        Assert.InRange((await run.GetHistoryAsync(kinds: [EventKind.StepCompleted])).Count, 2, 7);
        Assert.Equal((ReplayVerdict.Fits, null), ((await run.CheckReplayAsync()).Verdict, (await run.CheckReplayAsync()).Detail));
        Assert.Equal(42, await run.QueryAsync<int>("twice", 21).Soon());
    }

    [Theory, EveryStore]
    public async Task CheckReplaysAsync_SaysOfEachRunThatLivesWhetherTheCodeFits_AndWritesNothing(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        await using (var old = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("same", (WorkflowContext ctx, Unit _) => FlowAsync(ctx, "charge"))
            .AddWorkflow("renamed", (WorkflowContext ctx, Unit _) => FlowAsync(ctx, "charge"))
            .AddWorkflow("shorter", (WorkflowContext ctx, Unit _) => FlowAsync(ctx, "charge"))
            .AddWorkflow("strict", (WorkflowContext ctx, Unit _) => FlowAsync(ctx, "charge"), new() { Determinism = DeterminismMode.Strict })
            .AddWorkflow("gone", (WorkflowContext ctx, Unit _) => FlowAsync(ctx, "charge"))
            .AddWorkflow("asks", async (WorkflowContext ctx, Unit _) =>
            {
                ctx.GetVersion("change", 1, 1);
                await ctx.WaitForAsync(Go);
            })))
        {
            foreach (var workflow in new[] { "same", "renamed", "shorter", "strict", "gone", "asks" })
            {
                await old.Client.StartAsync(workflow, default(Unit), new() { Id = workflow }).Soon();
                await old.Client.Handle(workflow).WaitsForAsync("signal");
            }
            await old.Client.StartAsync("same", default(Unit), new() { Id = "later", Delay = TimeSpan.FromDays(1) }).Soon();
            await old.Client.StartAsync("same", default(Unit), new() { Id = "over" }).Soon();
            await old.Client.SignalAsync("over", "go", 1).Soon();
            await old.Client.Handle("over").WaitAsync().Soon();
            await old.StopAsync();
        }
        probe.Note("new");
        await using var client = TestEngine.ClientOnly(store, builder => builder
            .AddWorkflow("same", (WorkflowContext ctx, Unit _) => FlowAsync(ctx, "charge"))
            .AddWorkflow("renamed", (WorkflowContext ctx, Unit _) => FlowAsync(ctx, "bill"))
            .AddWorkflow("shorter", (WorkflowContext ctx, Unit _) => ctx.StepAsync("charge", () => probe.NoteAsync("body", 1)))
            .AddWorkflow("strict", (WorkflowContext ctx, Unit _) => ctx.StepAsync("charge", () => probe.NoteAsync("body", 1)), new() { Determinism = DeterminismMode.Strict })
            .AddWorkflow("asks", async (WorkflowContext ctx, Unit _) =>
            {
                ctx.GetVersion("change", 2, 2);
                await ctx.WaitForAsync(Go);
            }));
        var before = await StoredAsync(client.Client);
        var checks = new Dictionary<string, ReplayCheck>();
        await foreach (var check in client.Client.CheckReplaysAsync()) checks.Add(check.RunId, check);

        Assert.Equal(["asks", "gone", "later", "renamed", "same", "shorter", "strict"], checks.Keys.Order());
        Assert.Equal((ReplayVerdict.Fits, null), (checks["same"].Verdict, checks["same"].Detail));
        Assert.Equal(ReplayVerdict.Fits, checks["later"].Verdict);
        var renamed = checks["renamed"];
        Assert.Equal((ReplayVerdict.Diverges, 1, "NonDeterminism"), (renamed.Verdict, renamed.Sequence, renamed.Reason));
        Assert.StartsWith("StepCompleted \"charge\" (operation 0) recorded at ReplayCheckTests.cs:", renamed.Expected, StringComparison.Ordinal);
        Assert.StartsWith("Step \"bill\" (operation 0, ReplayCheckTests.cs:", renamed.Actual, StringComparison.Ordinal);
        Assert.Equal((ReplayVerdict.Fits, "the code ended without WaitStarted \"go\" (operation 1), event 2"), (checks["shorter"].Verdict, checks["shorter"].Detail));
        Assert.Equal((ReplayVerdict.Diverges, 2, "the code has ended"), (checks["strict"].Verdict, checks["strict"].Sequence, checks["strict"].Actual));
        Assert.Equal((ReplayVerdict.Blocks, "UnsupportedVersion"), (checks["asks"].Verdict, checks["asks"].Reason));
        Assert.Equal(ReplayVerdict.NoCode, checks["gone"].Verdict);
        Assert.Equal(before, await StoredAsync(client.Client));
        Assert.Equal(["new"], probe.Calls);

        var some = new List<string>();
        await foreach (var check in client.Client.CheckReplaysAsync(new() { Workflow = "same" })) some.Add(check.RunId);
        Assert.Equal(["later", "same"], some.Order());

        // The check says what the worker would do.
        await using var worker = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("renamed", (WorkflowContext ctx, Unit _) => FlowAsync(ctx, "bill")));
        await worker.Client.SignalAsync("renamed", "go", 1).Soon();
        await worker.TrickleAsync(worker.Client.Handle("renamed").BecomesAsync(RunStatus.Blocked));
        Assert.Equal(renamed.Detail, (await worker.Client.GetAsync("renamed").Soon()).BlockedDetail);

        async Task<int> FlowAsync(WorkflowContext ctx, string step)
        {
            await ctx.StepAsync(step, () => Task.FromResult(1));
            return await ctx.WaitForAsync(Go);
        }
    }

    [Theory, EveryStore]
    public async Task CheckReplayAsync_OfARunThatHasEnded_WantsTheCodeToEndToo(StoreKind kind)
    {
        using var store = new TestStore(kind);
        static Task Short(WorkflowContext ctx, Unit _) => ctx.StepAsync("one", static () => Task.CompletedTask);
        static async Task Long(WorkflowContext ctx, Unit _)
        {
            await ctx.StepAsync("one", static () => Task.CompletedTask);
            await ctx.StepAsync("two", static () => Task.CompletedTask);
        }

        await using (var old = await TestEngine.StartAsync(store, builder => builder.AddWorkflow<Unit>("flow", Short)))
        {
            await old.Client.StartAsync("flow", default(Unit), new() { Id = "over" }).Soon();
            await old.Client.Handle("over").WaitAsync().Soon();
            Assert.Equal(ReplayVerdict.Fits, (await old.Client.CheckReplayAsync("over").Soon()).Verdict);
            await Assert.ThrowsAsync<RunNotFoundException>(() => old.Client.CheckReplayAsync("nobody").Soon());
            await old.StopAsync();
        }
        await using var client = TestEngine.ClientOnly(store, builder => builder.AddWorkflow<Unit>("flow", Long));
        var check = await client.Client.CheckReplayAsync("over").Soon();
        Assert.Equal((ReplayVerdict.Diverges, 2, "WorkflowCompleted", "the code goes on"), (check.Verdict, check.Sequence, check.Expected, check.Actual));
    }

    private static async Task<string> StoredAsync(IPerdureClient client)
    {
        var stored = new List<string>();
        foreach (var run in (await client.ListAsync().Soon()).Runs) stored.Add($"{run.Id} {run.Status} {run.UpdatedAt:O} {(await client.GetHistoryAsync(run.Id).Soon()).Count}");
        return string.Join('\n', stored);
    }
}
