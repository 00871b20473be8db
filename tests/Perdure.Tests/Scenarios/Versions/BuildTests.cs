using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Versions;

/// <summary>Workers of several builds on one store: each takes what it has code for.</summary>
public class BuildTests
{
    private static readonly Signal<int> Go = new("go");
    private static readonly WorkflowDefinition<int, string> First = new("rolling");
    private static readonly WorkflowDefinition<int, string> Second = new("rolling", 2);

    [Theory, EveryStore(SeveralWorkers = true)]
    public async Task K3_TwoBuildsServeOneQueue_EachRunsItsOwnVersions_AndNothingIsBlocked(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var old = await TestEngine.StartAsync(store, builder => Code(builder, First, "old"), static o => o.KeepWarm = TimeSpan.FromMilliseconds(1));
        await using var next = await TestEngine.StartAsync(store, builder => Code(builder, Second, "next"), static o => o.KeepWarm = TimeSpan.FromMilliseconds(1));
        await using var client = TestEngine.ClientOnly(store);

        var runs = new List<RunHandle<string>>();
        for (var i = 0; i < 6; i++) runs.Add(await client.Client.StartAsync(i % 2 == 0 ? First : Second, i).Soon());
        foreach (var run in runs) await ManyEngines.UntilAsync(async () => (await run.GetAsync()).Status == RunStatus.Suspended, old, next);
        for (var i = 0; i < runs.Count; i++) await runs[i].SignalAsync(Go, i).Soon();

        for (var i = 0; i < runs.Count; i++)
        {
            Assert.Equal(i % 2 == 0 ? $"old {i}" : $"next {i}", await ResultAsync(runs[i], old, next));
            Assert.DoesNotContain(EventKind.RunBlocked, (await runs[i].GetHistoryAsync()).Select(static e => e.Kind));
        }
    }

    [Theory, EveryStore(SeveralWorkers = true)]
    public async Task K3_AVersionThatNobodyHasAnyMore_IsBlockedBySomebodyElse_AndGoesOnWhenItIsBack(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var client = TestEngine.ClientOnly(store);
        await using var next = await TestEngine.StartAsync(store, builder => Code(builder, Second, "next"));
        RunHandle<string> run;
        await using (var old = await TestEngine.StartAsync(store, builder => Code(builder, First, "old")))
        {
            run = await client.Client.StartAsync(First, 1).Soon();
            await ManyEngines.UntilAsync(async () => (await run.GetAsync()).Status == RunStatus.Suspended, old, next);
            await old.StopAsync();
        }
        await run.SignalAsync(Go, 5).Soon();
        await ManyEngines.UntilAsync(async () => (await run.GetAsync()).Status == RunStatus.Blocked, next);
        var blocked = await run.GetAsync();
        Assert.Equal("UnknownWorkflow", blocked.BlockedReason);
        Assert.Contains("\"rolling\" version 1", blocked.BlockedDetail, StringComparison.Ordinal);

        await using var back = await TestEngine.StartAsync(store, builder => Code(builder, First, "back"), static o => o.ResumeFittingRuns = true);
        Assert.Equal("back 5", await ResultAsync(run, next, back));
    }

    [Theory, EveryStore(SeveralWorkers = true)]
    public async Task AnUnknownWorkflow_IsBlocked_AlsoAmongSeveralBuilds(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var client = TestEngine.ClientOnly(store);
        await using var old = await TestEngine.StartAsync(store, builder => Code(builder, First, "old"));
        await using var next = await TestEngine.StartAsync(store, builder => Code(builder, Second, "next"));

        var run = await client.Client.StartAsync(new WorkflowDefinition<int, string>("nobody-has-it"), 1).Soon();
        await ManyEngines.UntilAsync(async () => (await run.GetAsync()).Status == RunStatus.Blocked, old, next);
        Assert.Equal("UnknownWorkflow", (await run.GetAsync()).BlockedReason);
    }

    [Theory, EveryStore(SeveralWorkers = true)]
    public async Task AStartInAProcessOfTheOtherBuild_RunsWhereItsCodeIs_AndSoDoesAChild(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var other = await TestEngine.StartAsync(store, builder => Code(builder, First, "old"));
        await using var here = await TestEngine.StartAsync(store, builder => builder.AddWorkflow(
            "parent", async (WorkflowContext ctx, int number) => await ctx.ChildAsync(First, number)));

        var run = await here.Client.StartAsync(First, 3).Soon();
        await run.SignalAsync(Go, 3).Soon();
        Assert.Equal("old 3", await ResultAsync(run, other, here));

        var parent = await here.Client.StartAsync(new WorkflowDefinition<int, string>("parent"), 4).Soon();
        RunSummary? child = null;
        await ManyEngines.UntilAsync(async () => (child = (await here.Client.ListAsync(new RunFilter { Parent = parent.Id })).Runs.SingleOrDefault()) is { Status: RunStatus.Suspended }, other, here);
        await here.Client.SignalAsync(child!.Id, Go, 4).Soon();
        Assert.Equal("old 4", await ResultAsync(parent, other, here));
    }

    private static void Code(IPerdureBuilder builder, WorkflowDefinition<int, string> version, string build) =>
        builder.AddWorkflow(version, async (ctx, _) => $"{build} {await ctx.WaitForAsync(Go)}");

    private static async Task<string> ResultAsync(RunHandle<string> run, params TestEngine[] engines)
    {
        await ManyEngines.UntilAsync(async () => (await run.GetAsync()).Status.IsTerminal(), engines);
        return await run.ResultAsync();
    }
}
