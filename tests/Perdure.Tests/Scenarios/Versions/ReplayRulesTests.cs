using Microsoft.Extensions.DependencyInjection;
using Perdure.Formats;
using Perdure.Pipelines;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Versions;

/// <summary>A run keeps the replay rules that it was started under.</summary>
public class ReplayRulesTests
{
    private static readonly WorkflowDefinition<int, int> Leaf = new("leaf");
    private static readonly WorkflowDefinition<int, int> Top = new("top");

    [Theory, EveryStore]
    public async Task Start_CarriesTheRulesOfThisBuild_AndSoDoChildrenAndSuccessors(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, static builder => builder
            .AddWorkflow(Leaf, static (ctx, n) => Task.FromResult(n))
            .AddWorkflow(Top, static async (ctx, n) => n == 1 ? await ctx.ContinueAsNewAsync<int>(2) : await ctx.ChildAsync(Leaf, n)));
        var run = await engine.Client.StartAsync(Top, 1).Soon();
        Assert.Equal(2, await engine.TrickleAsync(run.ResultAsync()));

        var runs = (await engine.Client.ListAsync(new() { Limit = 10 })).Runs.Where(static run => run.Workflow is "leaf" or "top").ToList();
        Assert.Equal(3, runs.Count);
        foreach (var each in runs) Assert.Equal(ReplayRules.Current, (await engine.Store.ReadRunAsync(new(each.Id), default))!.EngineSemantics);
    }

    [Theory, EveryStore]
    public async Task ARunUnderOtherRules_IsBlocked_AndSaysWhichItNeeds(StoreKind store)
    {
        const int Other = ReplayRules.Current + 1;
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow(Leaf, (ctx, n) => ctx.StepAsync("step", () => probe.NoteAsync("step", n))));
        var keys = await engine.Store.ReserveKeysAsync(1, default);
        var input = "1"u8.ToArray();
        await engine.Store.StartRunsAsync(
        [
            new RunBirth
            {
                Key = keys.First, Id = "of-another-build", Workflow = Leaf.Name, Version = 1, Queue = PerdureDefaults.Queue, CreatedAt = keys.Now, DueAt = keys.Now, InputHash = default,
                Input = input, EngineSemantics = Other, MaxCrashes = 5, Events = FirstEvents.Write(input, keys.Now, keys.Now),
            },
        ], default);
        engine.Store.Wakeups.Wake();

        var run = engine.Client.Handle("of-another-build");
        await engine.TrickleAsync(run.BecomesAsync(RunStatus.Blocked));
        var info = await run.GetAsync();
        Assert.Equal("EngineSemantics", info.BlockedReason);
        Assert.Contains($"replay rules {Other}; this build has 1 to {ReplayRules.Current}", info.BlockedDetail, StringComparison.Ordinal);
        // Resumed under the same build it stays where it is: nothing of it is run.
        Assert.True(await engine.Client.ResumeAsync(run.Id).Soon());
        await engine.PassAsync();
        await engine.TrickleAsync(run.BecomesAsync(RunStatus.Blocked));
        Assert.Empty(probe.Calls);
    }

    [Theory, EveryStore]
    public async Task ARunUnderTheFirstRules_IsDrivenByThem_ItsHistoryKnowsNoPlaces(StoreKind store)
    {
        var pipeline = Pipeline.Define("old", p => p.SleepFor("2s", "rest").Flow("flow", static (_, ctx) => ctx.StepAsync("inside", static () => Task.CompletedTask)));
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddPipeline(pipeline));
        var keys = await engine.Store.ReserveKeysAsync(2, default);
        var input = "{}"u8.ToArray();
        RunBirth Birth(int index, int rules) => new()
        {
            Key = keys.First + index, Id = $"under-{rules}", Workflow = pipeline.Name, Version = 1, Queue = PerdureDefaults.Queue, CreatedAt = keys.Now, DueAt = keys.Now, InputHash = default,
            Input = input, EngineSemantics = rules, MaxCrashes = 5, Events = FirstEvents.Write(input, keys.Now, keys.Now),
        };
        await engine.Store.StartRunsAsync([Birth(0, 1), Birth(1, ReplayRules.Current)], default);
        engine.Store.Wakeups.Wake();
        foreach (var (rules, places) in new[] { (1, ""), (ReplayRules.Current, "rest flow") })
        {
            var run = engine.Client.Handle($"under-{rules}");
            await engine.TrickleAsync(run.WaitAsync());
            Assert.Equal(places, string.Join(' ', (await run.GetHistoryAsync()).Select(static e => e.Step).OfType<string>()));
        }
    }
}
