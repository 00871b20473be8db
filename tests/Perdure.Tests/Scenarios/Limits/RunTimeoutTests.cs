using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Limits;

/// <summary>Runs whose time is over.</summary>
public class RunTimeoutTests
{
    private static readonly WorkflowDefinition<Unit, string> Work = new("work");
    private static readonly WorkflowDefinition<Unit, string> Child = new("child");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Theory, EveryStore]
    public async Task TimeoutGrace_IsOver_TheRunIsTimedOutAlthoughItsCodeHasNotFinished(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow(Work, async (ctx, _) =>
        {
            try
            {
                await ctx.SleepAsync(TimeSpan.FromDays(1));
            }
            catch (WorkflowCancelledException e)
            {
                probe.Note(e.Cause.ToString());
                await ctx.ShieldAsync(() => ctx.StepAsync("clean up", () => probe.HoldAsync("cleaning up")));
                probe.Note("finished");
            }
            return "ended";
        }));
        var run = await engine.Client.StartAsync(Work, default, new() { RunTimeout = Limit }).Soon();

        await Assert.ThrowsAsync<RunTimedOutException>(() => engine.TrickleAsync(run.ResultAsync()));
        Assert.Equal(RunStatus.TimedOut, await run.StatusAsync());
        Assert.Equal(["Timeout", "cleaning up"], probe.Calls);
        var history = await run.GetHistoryAsync();
        Assert.Equal(EventKind.WorkflowTimedOut, history[^1].Kind);
        var lived = history[^1].Timestamp - history[0].Timestamp;
        Assert.True(lived >= Limit + PerdureDefaults.TimeoutGrace, $"It ended after {lived}.");

        // Whatever still ends behind it counts no more.
        probe.Open("cleaning up");
        await engine.PassAsync();
        Assert.Equal(history.Count, (await run.GetHistoryAsync()).Count);
        Assert.Equal(0, probe.Count("finished"));
    }

    [Theory, EveryStore]
    public async Task D9_AChildBeyondItsRunTimeout_IsTimedOut_AndItsParentSeesThatOutcome(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, static builder => builder
            .AddWorkflow(Child, static async (ctx, _) =>
            {
                await ctx.SleepAsync(TimeSpan.FromHours(1));
                return "slept";
            })
            .AddWorkflow(Work, static async (ctx, _) =>
            {
                try
                {
                    return await ctx.ChildAsync(Child, default, new() { RunTimeout = TimeSpan.FromSeconds(1) });
                }
                catch (ChildWorkflowException e)
                {
                    return $"{e.Outcome} {e.ChildId}";
                }
            }));
        var run = await engine.Client.StartAsync(Work, default).Soon();

        var result = (await engine.TrickleAsync(run.ResultAsync())).Split(' ');
        Assert.Equal(nameof(ChildOutcome.TimedOut), result[0]);
        Assert.Equal(RunStatus.TimedOut, await engine.Client.Handle(result[1]).StatusAsync());
    }
}
