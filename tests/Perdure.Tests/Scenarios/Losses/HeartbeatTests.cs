using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Losses;

/// <summary>What an activity has told of itself outlives its worker.</summary>
public class HeartbeatTests
{
    [Theory, EveryStore]
    public async Task C14_TheNextAttemptReadsTheDetailsOfTheOneWhoseWorkerDied(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder
            .AddActivity("copy", async (Unit _, StepInfo info) =>
            {
                if (info.HasPreviousDetails) return $"attempt {info.Attempt} behind {info.PreviousDetails<int>()} %";
                info.Heartbeat(40);
                await probe.HoldAsync("at 40 %");
                return "never";
            })
            .AddWorkflow("work", (WorkflowContext ctx, Unit _) => ctx.ActivityAsync<string>("copy", default(Unit)));
        var first = await TestEngine.StartMortalAsync(store, Register);
        var id = (await first.Client.StartAsync("work", default(Unit)).Soon()).Id;
        await first.TrickleAsync(probe.ReachedAsync("at 40 %"));
        // Behind the second look at the heartbeats that began since, the first is in the store.
        var before = first.Lifeline.CountOf(nameof(IPerdureStore.BeatTasksAsync));
        await first.TrickleAsync(Waiting.UntilAsync(() => first.Lifeline.CountOf(nameof(IPerdureStore.BeatTasksAsync)) >= before + 3));
        await first.KillAsync();

        await using var second = await TestEngine.StartAsync(store, Register);
        Assert.Equal("attempt 2 behind 40 %", await second.TrickleAsync(second.Client.Handle(id).ResultAsync<string>()));
        Assert.Equal(1, probe.Count("at 40 %"));
    }
}
