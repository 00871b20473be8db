using Perdure.Formats;
using Perdure.Runtime;
using Perdure.Storage;
using Perdure.Tests.Runtime.Driving;

namespace Perdure.Tests.Runtime;

/// <summary>What a later attempt of the workflow knows of the attempts of its activities.</summary>
public class CarriedAttemptsTests
{
    [Fact]
    public void Load_ActivityThatWasWithdrawn_PassesOverNumbersThatMayHaveBeenUsed()
    {
        var settings = RunSettings.Default with { Retry = new RetryPolicy { MaxAttempts = 2, InitialDelay = TimeSpan.FromMinutes(1) } };
        var harness = MachineHarness.Of(RaceAsync, new HarnessOptions { Settings = settings, RunsTasks = false });
        harness.Load();
        harness.Commit();
        Assert.Equal(1, harness.TaskOf("loser").Attempt);
        harness.Finish("winner", 1);
        harness.Commit();
        harness.End(harness.TaskOf("loser"), new BodyOutcome { Verdict = BodyVerdict.Cancelled, Attempt = 0 });
        harness.SkipToDue();

        // Five workers may have been lost with it before it was withdrawn.
        Assert.Equal(6, harness.TaskOf("loser").Attempt);
    }

    [Fact]
    public void Load_ActivityThatEndedWithItsRun_PassesOverNumbersThatMayHaveBeenUsed()
    {
        var harness = MachineHarness.Of(ctx => Task.WhenAny(ctx.ActivityAsync<int>("known"), ctx.ActivityAsync<int>("unknown"), FailAsync(ctx)).Unwrap(), new HarnessOptions { RunsTasks = false });
        harness.Load();
        harness.Commit();
        harness.FailTask("known", new NotSupportedException("the first attempt fails"));
        harness.Commit();
        harness.Finish("step", 1);
        harness.Settle();
        Assert.Equal(RunStatus.Failed, harness.Status);

        harness.Load(EventKind.RunReset);
        harness.Settle();
        Assert.Equal(7, harness.TaskOf("known").Attempt);
        Assert.Equal(6, harness.TaskOf("unknown").Attempt);
    }

    private static async Task RaceAsync(WorkflowContext ctx)
    {
        await ctx.WhenAnyAsync([ctx.StepAsync("winner", static () => Task.FromResult(1)), ctx.ActivityAsync<int>("loser")], cancelLosers: true);
        if (ctx.Attempt == 1) throw new InvalidOperationException("the first attempt fails");
        await ctx.SleepAsync(TimeSpan.FromHours(1));
    }

    private static async Task FailAsync(WorkflowContext ctx)
    {
        await ctx.StepAsync("step", static () => Task.FromResult(1));
        if (ctx.Attempt == 1) throw new InvalidOperationException("the run fails");
        await ctx.SleepAsync(TimeSpan.FromHours(1));
    }
}
