using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Losses;

/// <summary>Runs that lose their worker again and again.</summary>
public class CrashLoopTests
{
    private static readonly WorkflowDefinition<string, string> Killer = new("killer");

    [Theory, EveryStore]
    public async Task M9_TheThirdLossInARowBlocksARunOfThree_OthersAreServed_AndItGoesOnWhenResumed(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        var id = await LoseAsync(store, probe, maxCrashes: 3, losses: 3);

        await using var engine = await TestEngine.StartAsync(store, builder => Register(builder, probe, maxCrashes: 3));
        var run = engine.Client.Handle<string>(id);
        await engine.TrickleAsync(run.BecomesAsync(RunStatus.Blocked));
        var info = await run.GetAsync();
        Assert.Equal(("CrashLoop", 3), (info.BlockedReason, info.Crashes));
        Assert.Equal(3, probe.Count("kill"));
        await engine.PassAsync();

        probe.Open("kill");
        Assert.True(await engine.Client.ResumeAsync(id).Soon());
        // Each life has used up its number of attempt, and so has the block.
        Assert.Equal("attempt 5", await engine.TrickleAsync(run.ResultAsync()));
        Assert.Equal(0, (await run.GetAsync()).Crashes);
    }

    [Theory, EveryStore]
    public async Task M9_MaxCrashesZero_BlocksAtTheFirstLoss(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        var id = await LoseAsync(store, probe, maxCrashes: 0, losses: 1);

        await using var engine = await TestEngine.StartAsync(store, builder => Register(builder, probe, maxCrashes: 0));
        var run = engine.Client.Handle(id);
        await engine.TrickleAsync(run.BecomesAsync(RunStatus.Blocked));
        var info = await run.GetAsync();
        Assert.Equal(("CrashLoop", 1), (info.BlockedReason, info.Crashes));
        Assert.Equal(1, probe.Count("kill"));
    }

    [Theory, EveryStore]
    public async Task M9_ProgressBeginsTheCountAnew(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Add(IPerdureBuilder builder) => builder.AddWorkflow(Killer, async (ctx, steps) =>
        {
            var done = "";
            foreach (var step in steps)
            {
                done += await ctx.StepAsync("step " + step, async (StepInfo info) =>
                {
                    if (info.Attempt == 1) await probe.HoldAsync(info.StepName);
                    return step;
                });
            }
            return done;
        }, new() { MaxCrashes = 2 });
        var id = "";
        foreach (var step in "abc")
        {
            var lost = await TestEngine.StartMortalAsync(store, Add);
            if (id.Length == 0) id = (await lost.Client.StartAsync(Killer, "abc").Soon()).Id;
            await lost.TrickleAsync(probe.ReachedAsync("step " + step));
            await lost.KillAsync();
        }

        await using var engine = await TestEngine.StartAsync(store, Add);
        Assert.Equal("abc", await engine.TrickleAsync(engine.Client.Handle<string>(id).ResultAsync()));
    }

    /// <summary>Starts the run and ends its process so many times inside of its step.</summary>
    private static async Task<string> LoseAsync(TestStore store, Probe probe, int maxCrashes, int losses)
    {
        var id = "";
        for (var lost = 0; lost < losses; lost++)
        {
            var engine = await TestEngine.StartMortalAsync(store, builder => Register(builder, probe, maxCrashes));
            if (lost == 0) id = (await engine.Client.StartAsync(Killer, "x").Soon()).Id;
            // From the second loss on it waits before it is taken again.
            await engine.TrickleAsync(probe.ReachedAsync("kill", lost + 1));
            Assert.Equal(lost, (await engine.Client.GetAsync(id)).Crashes);
            await engine.KillAsync();
        }
        return id;
    }

    private static void Register(IPerdureBuilder builder, Probe probe, int maxCrashes) => builder.AddWorkflow(Killer, (ctx, _) => ctx.StepAsync("kill", async (StepInfo info) =>
    {
        await probe.HoldAsync("kill");
        return $"attempt {info.Attempt}";
    }), new() { MaxCrashes = maxCrashes });
}
