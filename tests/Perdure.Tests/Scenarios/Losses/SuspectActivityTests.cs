using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Losses;

/// <summary>Activities that run beside one that kills its process.</summary>
public class SuspectActivityTests
{
    private static readonly WorkflowDefinition<string, string> Work = new("work");

    [Theory, EveryStore]
    public async Task I35_AnActivityThatAlwaysKillsItsWorker_TakesNoneOfItsNeighboursAlong(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        var runs = new Dictionary<string, string>();
        var lives = 0;
        for (; lives < 30; lives++)
        {
            var mortal = await TestEngine.StartMortalAsync(store, Register);
            // Each is queued behind those before it, so that the killer is neither the first nor the last to be taken.
            foreach (var name in lives == 0 ? ["a", "b", "killer", "c", "d", "e"] : Array.Empty<string>())
                runs[name] = (await mortal.Client.StartAsync(Work, name).Soon()).Id;
            var (client, killer) = (mortal.Client, runs["killer"]);
            await mortal.TrickleAsync(Waiting.UntilAsync(async () => probe.Count("killer") > lives || (await client.GetAsync(killer)).Status.IsTerminal()));
            await mortal.KillAsync();
            if (probe.Count("killer") == lives) break;
        }

        Assert.Equal(PerdureDefaults.MaxCrashes, lives);
        await using var engine = await TestEngine.StartAsync(store, Register);
        var failure = await Assert.ThrowsAsync<RunFailedException>(() => engine.TrickleAsync(engine.Client.Handle(runs["killer"]).ResultAsync<string>()));
        Assert.Contains("lost its worker 5 times in a row", failure.ErrorMessage, StringComparison.Ordinal);
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
        {
            Assert.Equal(name + " done", await engine.TrickleAsync(engine.Client.Handle(runs[name]).ResultAsync<string>()));
            // Twice it was lost beside the killer; the third time it ran without it.
            Assert.InRange(probe.Count(name), 1, 3);
        }

        void Register(IPerdureBuilder builder) => builder
            .AddActivity("act", async (string name, StepInfo _) =>
            {
                probe.Note(name);
                await Task.Delay(name == "killer" ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(200), store.Clock);
                return name + " done";
            })
            .AddWorkflow(Work, static (ctx, name) => ctx.ActivityAsync<string>("act", name));
    }

    [Theory, EveryStore]
    public async Task ASuspectThatTakesLong_HoldsOthersUpForATimeOnly(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        string[] names = ["a", "b"];
        for (var life = 1; life <= 2; life++)
        {
            var mortal = await TestEngine.StartMortalAsync(store, Register);
            foreach (var name in life == 1 ? names : []) await mortal.Client.StartAsync(Work, name).Soon();
            await mortal.TrickleAsync(Task.WhenAll(names.Select(name => probe.ReachedAsync(name, life))));
            await mortal.KillAsync();
        }

        await using var engine = await TestEngine.StartAsync(store, Register);
        await engine.TrickleAsync(Task.WhenAny(names.Select(name => probe.ReachedAsync(name, 3))));
        var begun = store.Clock.GetUtcNow();
        await engine.PassAsync();
        Assert.Equal(5, probe.Calls.Length);
        await engine.TrickleAsync(Task.WhenAll(names.Select(name => probe.ReachedAsync(name, 3))));
        Assert.InRange(store.Clock.GetUtcNow() - begun, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(2));

        void Register(IPerdureBuilder builder) => builder
            .AddActivity("act", async (string name, StepInfo _) =>
            {
                await probe.HoldAsync(name);
                return name + " done";
            })
            .AddWorkflow(Work, static (ctx, name) => ctx.ActivityAsync<string>("act", name));
    }
}
