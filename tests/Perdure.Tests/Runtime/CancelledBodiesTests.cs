using Perdure.Tests.Runtime.Driving;

namespace Perdure.Tests.Runtime;

/// <summary>Which bodies and activities a cancellation of the run reaches.</summary>
public class CancelledBodiesTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CancelAsked_WhenOneThatEndsLetsCleanupBegin_ReachesThoseBehindItToo(bool lost)
    {
        var harness = MachineHarness.Of(ctx => Task.WhenAll(CleanUpAfterAsync(ctx), ctx.StepAsync("long", static () => Task.FromResult(1)), ctx.ActivityAsync<int>("queued")));
        harness.Load();
        harness.Commit();
        harness.Fail("retried", new InvalidOperationException("the first attempt fails"));
        harness.Commit();
        if (lost) harness.Reload(lost: true);

        Assert.True(harness.Cancel());

        var draft = harness.Machine.Draft;
        Assert.Equal(lost ? ["long", "cleanup"] : ["cleanup"], draft.Bodies.ToArray().Select(static body => body.Name));
        Assert.Equal(["long"], draft.CancelBodies.ToArray().Select(static body => body.Name));
        Assert.Equal([2], draft.CancelTasks);
        Assert.All(draft.Bodies.ToArray(), static body => Assert.Equal(body.Name == "long", body.CancelAsked));
    }

    private static async Task CleanUpAfterAsync(WorkflowContext ctx)
    {
        try
        {
            await ctx.StepAsync("retried", static () => Task.FromResult(1), new StepOptions { Retry = new RetryPolicy { InitialDelay = TimeSpan.FromMinutes(1) } });
        }
        catch (OperationCanceledException)
        {
            await ctx.ShieldAsync(() => ctx.StepAsync("cleanup", static () => Task.FromResult(1)));
            throw;
        }
    }
}
