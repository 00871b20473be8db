using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Limits;

/// <summary>Bodies that return behind their limit in a process that stood still, so that nobody could tell them before.</summary>
public class LateResultTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    [Theory]
    [EveryStore("step")]
    [EveryStore("local activity")]
    [EveryStore("activity")]
    public async Task AResultBehindItsLimit_IsATimeout(StoreKind store, string kind)
    {
        var probe = new Probe();
        async Task<int> LateAsync()
        {
            probe.Note("began");
            await probe.HoldAsync("late", CancellationToken.None);
            return 1;
        }
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddActivity("late", (Unit _) => LateAsync())
            .AddWorkflow("work", (WorkflowContext ctx, Unit _) => kind == "step"
                ? ctx.StepAsync("late", LateAsync, new() { Timeout = Limit, Retry = RetryPolicy.None })
                : ctx.ActivityAsync<int>("late", default(Unit), new() { StartToClose = Limit, Retry = RetryPolicy.None, RunLocally = kind == "local activity" })));
        var run = await engine.Client.StartAsync("work", default(Unit)).Soon();
        await probe.ReachedAsync("began").Soon();

        engine.Clock.StandStill(Limit + TimeSpan.FromTicks(1));
        probe.Open("late");

        await Assert.ThrowsAsync<RunFailedException>(() => engine.TrickleAsync(run.ResultAsync<int>()));
        Assert.Empty(await run.GetHistoryAsync(kinds: [EventKind.StepCompleted, EventKind.ActivityCompleted]));
    }
}
