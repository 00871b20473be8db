using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Versions;

/// <summary>Runs that are pinned to the build that started them.</summary>
public class PinTests
{
    private static readonly Signal<int> Go = new("go");
    private static readonly WorkflowDefinition<int, string> Order = new("order");
    private static readonly WorkflowDefinition<int, string> Plain = new("plain");

    [Theory, EveryStore(SeveralWorkers = true)]
    public async Task APinnedRun_StaysWithItsBuild_AndSoDoItsChildren(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var old = await BuildAsync(store, "b1");
        await using var next = await BuildAsync(store, "b2");

        var runs = new List<RunHandle<string>>();
        for (var i = 0; i < 6; i++) runs.Add(await (i % 2 == 0 ? old : next).Client.StartAsync(Order, 0).Soon());
        foreach (var run in runs) await ManyEngines.UntilAsync(async () => (await run.GetAsync()).Status == RunStatus.Suspended, old, next);
        // Told by the other process: that says nothing about who goes on.
        for (var i = 0; i < runs.Count; i++) await (i % 2 == 0 ? next : old).Client.SignalAsync(runs[i].Id, Go, i).Soon();

        for (var i = 0; i < runs.Count; i++)
        {
            var build = i % 2 == 0 ? "b1" : "b2";
            Assert.Equal($"{build} {i} child of {build}", await ResultAsync(runs[i], old, next));
            Assert.Equal(build, (await runs[i].GetAsync()).Build);
            Assert.DoesNotContain(EventKind.RunBlocked, (await runs[i].GetHistoryAsync()).Select(static e => e.Kind));
        }
    }

    [Theory, EveryStore(SeveralWorkers = true)]
    public async Task APinnedRun_WhoseBuildIsGone_IsBlocked_AndGoesOnWhereItIsTakenOver(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var next = await BuildAsync(store, "b2");
        RunHandle<string> run;
        await using (var old = await BuildAsync(store, "b1"))
        {
            run = await old.Client.StartAsync(Order, 1).Soon();
            await ManyEngines.UntilAsync(async () => (await run.GetAsync()).Status == RunStatus.Suspended, old, next);
            await old.StopAsync();
        }
        run = next.Client.Handle<string>(run.Id);
        await run.SignalAsync(Go, 5).Soon();
        await ManyEngines.UntilAsync(async () => (await run.GetAsync()).Status == RunStatus.Blocked, next);
        var blocked = await run.GetAsync();
        Assert.Equal("UnknownWorkflow", blocked.BlockedReason);
        Assert.Contains("build \"b1\" of \"order\" version 1", blocked.BlockedDetail, StringComparison.Ordinal);
        Assert.Contains("build \"b1\"", (await Assert.ThrowsAsync<UnknownWorkflowException>(() => run.QueryAsync<string>("which").Soon())).Message, StringComparison.Ordinal);

        await using var heir = await BuildAsync(store, "b3", static o => o.TakesOverBuilds.Add("b1"));
        // Its next life belongs to the build that has driven this one.
        RunInfo? successor = null;
        await ManyEngines.UntilAsync(async () => (await run.GetAsync()).ContinuedAs is { } id && (successor = await next.Client.GetAsync(id)).Status == RunStatus.Suspended, next, heir);
        Assert.Equal(("b1", "b3"), ((await run.GetAsync()).Build, successor!.Build));
        await next.Client.SignalAsync(successor.Id, Go, 6).Soon();
        Assert.Equal("b3 6 child of b3", await ResultAsync(next.Client.Handle<string>(successor.Id), next, heir));
    }

    [Theory, EveryStore(SeveralWorkers = true)]
    public async Task AStart_MayChooseTheBuild_AlsoWhereTheCodeIsUnknown(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var client = TestEngine.ClientOnly(store);
        await using var old = await BuildAsync(store, "b1");
        await using var next = await BuildAsync(store, "b2");

        foreach (var (starter, build) in new[] { (client, "b2"), (client, "b1"), (old, "b2"), (next, "b1") })
        {
            var run = await starter.Client.StartAsync(Plain, 7, new() { Build = build }).Soon();
            Assert.Equal($"{build} 7", await ResultAsync(run, old, next));
            Assert.Equal(build, (await run.GetAsync()).Build);
        }
        Assert.Null((await (await old.Client.StartAsync(Plain, 7).Soon()).GetAsync()).Build);
    }

    [Fact]
    public async Task PinToBuild_WithoutABuild_IsRefusedAtTheStart()
    {
        var error = await Assert.ThrowsAsync<InvalidOptionException>(() => BuildAsync(new TestStore(StoreKind.Memory), null));
        Assert.Contains("PerdureOptions.BuildId", error.Message, StringComparison.Ordinal);
        Assert.Contains("order", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    public async Task ABuildThatIsNoName_IsRefused(string build)
    {
        await Assert.ThrowsAsync<InvalidOptionException>(() => BuildAsync(new TestStore(StoreKind.Memory), build));
        await Assert.ThrowsAsync<InvalidOptionException>(() => BuildAsync(new TestStore(StoreKind.Memory), "b1", o => o.TakesOverBuilds.Add(build)));
        await using var engine = await BuildAsync(new TestStore(StoreKind.Memory), "b1");
        await Assert.ThrowsAsync<InvalidOptionException>(() => engine.Client.StartAsync(Plain, 1, new() { Build = build }).Soon());
    }

    [Fact]
    public async Task ATransientRun_IsPinnedToNothingElseThanItsProcess()
    {
        await using var engine = await BuildAsync(new TestStore(StoreKind.Memory), "b1");
        var run = await engine.Client.StartAsync(Plain, 3, new() { Transient = true }).Soon();
        Assert.Equal("b1 3", await run.ResultAsync().Soon());
    }

    [Theory]
    [InlineData("Perdure:TakesOverBuilds:0=a", "Perdure:TakesOverBuilds:1=b")]
    [InlineData("Perdure:TakesOverBuilds=a, b")]
    [InlineData("PERDURE_TAKES_OVER_BUILDS=a,b")]
    public void Configuration_NamesTheBuild_AndThoseThatItTakesOver(params string[] lines)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(lines.Append("Perdure:BuildId=c").Select(static line => KeyValuePair.Create(line.Split('=')[0], (string?)line.Split('=')[1]))).Build();
        var options = new PerdureOptions();
        Perdure.Hosting.ConfigurationReader.Read(configuration, engine: null, options);
        Assert.Equal("c", options.BuildId);
        Assert.Equal(["a", "b"], options.TakesOverBuilds);
    }

    /// <summary>A worker of a build: its code says which it is.</summary>
    private static Task<TestEngine> BuildAsync(TestStore store, string? build, Action<PerdureOptions>? more = null) => TestEngine.StartAsync(store, builder =>
    {
        builder.AddWorkflow(Order, async (ctx, rounds) =>
        {
            ctx.SetQueryHandler("which", () => build);
            var number = await ctx.WaitForAsync(Go);
            if (rounds > 0) return await ctx.ContinueAsNewAsync<string>(rounds - 1);
            return $"{build} {number} {await ctx.ChildAsync(new WorkflowDefinition<int, string>("child"), 0)}";
        }, new() { PinToBuild = true });
        builder.AddWorkflow("child", (WorkflowContext _, int _) => Task.FromResult($"child of {build}"), new() { PinToBuild = true });
        builder.AddWorkflow(Plain, (_, number) => Task.FromResult($"{build} {number}"));
    }, o =>
    {
        (o.BuildId, o.KeepWarm, o.ResumeFittingRuns) = (build, TimeSpan.FromMilliseconds(1), true);
        more?.Invoke(o);
    });

    private static async Task<string> ResultAsync(RunHandle<string> run, params TestEngine[] engines)
    {
        await ManyEngines.UntilAsync(async () => (await run.GetAsync()).Status.IsTerminal(), engines);
        return await run.ResultAsync();
    }
}
