using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Activities;

/// <summary>The clock over all attempts of an activity.</summary>
public class ActivityClockTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Theory, EveryStore]
    public async Task ScheduleToClose_EndsTheAttemptThatRuns_ForGood(StoreKind store) => await EndAsync(store, runLocally: false);

    [Theory, EveryStore]
    public async Task ScheduleToClose_EndsALocalAttemptThatRuns_ForGood(StoreKind store) => await EndAsync(store, runLocally: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ScheduleToClose_NoRetryBeginsAfterIt(bool runLocally)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder => builder
            .AddActivity("fail", Task<int> (Unit _) =>
            {
                probe.Note("tried");
                throw new InvalidOperationException("again");
            })
            .AddWorkflow("work", (WorkflowContext ctx, Unit _) => ctx.ActivityAsync<int>("fail", default(Unit), new()
            {
                ScheduleToClose = Limit, RunLocally = runLocally, Retry = RetryPolicy.Constant(TimeSpan.FromSeconds(4)) with { MaxAttempts = 10 },
            })));
        var run = await engine.Client.StartAsync("work", default(Unit)).Soon();

        await Assert.ThrowsAsync<RunFailedException>(() => engine.TrickleAsync(run.ResultAsync<int>()));
        // At 0 s, 4 s and 8 s; the next would begin at 12 s.
        Assert.Equal(3, probe.Count("tried"));
        var failures = await run.GetHistoryAsync(kinds: [EventKind.ActivityFailed]);
        Assert.Equal([true, true, false], failures.Select(static e => e.IsRetryable));
        Assert.Equal(2, (await run.GetHistoryAsync(kinds: [EventKind.ActivityRetryScheduled])).Count);
    }

    private static async Task EndAsync(StoreKind store, bool runLocally)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddActivity("hang", async (Unit _, CancellationToken ct) =>
            {
                probe.Note("began");
                using var told = ct.Register(() => probe.Note("told"));
                // It ignores what it is told.
                await probe.HoldAsync("hanging", CancellationToken.None);
                return 1;
            })
            .AddWorkflow("work", async (WorkflowContext ctx, Unit _) =>
            {
                try
                {
                    await ctx.ActivityAsync<int>("hang", default(Unit), new()
                    {
                        ScheduleToClose = Limit, StartToClose = TimeSpan.FromHours(1), RunLocally = runLocally, Retry = RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { MaxAttempts = 5 },
                    });
                    return "ended";
                }
                catch (ActivityTimeoutException e)
                {
                    return $"{e.Clock} {e.Attempts}";
                }
            }));
        var run = await engine.Client.StartAsync("work", default(Unit)).Soon();
        await engine.TrickleAsync(probe.ReachedAsync("hanging"));

        Assert.Equal("ScheduleToClose 1", await engine.TrickleAsync(run.ResultAsync<string>()));
        Assert.Equal(1, probe.Count("began"));
        await probe.ReachedAsync("told");
        var history = await run.GetHistoryAsync();
        var (asked, ended) = (history.Single(e => e.Kind == EventKind.ActivityScheduled), history.Single(e => e.Kind == EventKind.ActivityTimedOut));
        Assert.True(ended.Timestamp - asked.Timestamp >= Limit, $"It ended {ended.Timestamp - asked.Timestamp} after it was asked for.");
        Assert.False(ended.IsRetryable);
    }
}
