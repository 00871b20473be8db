using Microsoft.Extensions.DependencyInjection;
using Perdure.Authoring;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>
/// Runs the code of queued activities, each attempt on the pool with a scope of services of its own, and watches its clocks. What becomes of it is told to the <see cref="ActivityPool"/>.
/// Thread safe.
/// </summary>
internal sealed class ActivityRunner(WorkerSession session, ActivityPool pool, ActivityRegistry registry, IServiceScopeFactory? scopes, TimeProvider clock, PayloadCodec codec)
{
    /// <summary>Begins an attempt on the pool.</summary>
    public void Launch(RunningTask task) =>
        session.Scheduler.Post(static s => { var (runner, task) = ((ActivityRunner, RunningTask))s!; _ = runner.GuardAsync(task); }, (this, task));

    /// <summary>An attempt gave no sign of life for longer than it may.</summary>
    public void FallSilent(RunningTask task) =>
        TimeOut(task, $"Activity \"{task.Task.Activity}\" gave no heartbeat for {Durations.Format(task.Options.Heartbeat!.Value)}.", ActivityClock.Heartbeat);

    /// <summary>What an activity throws is its outcome; whatever else goes wrong is the engine's.</summary>
    private async Task GuardAsync(RunningTask task)
    {
        try
        {
            await RunAsync(task);
        }
        catch (Exception e)
        {
            session.Surrender("activity", e);
        }
    }

    private async Task RunAsync(RunningTask task)
    {
        if (task.IsEnded || pool.MustWait(task)) return;
        var claimed = task.Task;
        if (Refusal(claimed, task.Options.MaxCrashes ?? PerdureDefaults.MaxCrashes) is { } refusal)
        {
            pool.End(task, refusal);
            return;
        }
        if (task.IsCancelled)
        {
            // It was withdrawn before it began.
            task.Hold();
            pool.End(task, BodyOutcomes.Cancelled(claimed.Number));
            return;
        }
        var limit = Limit(task);
        var begun = clock.GetTimestamp();
        using var timer = limit is { } time
            ? clock.CreateTimer(static s => { var (runner, task) = ((ActivityRunner, RunningTask))s!; runner.TimeOut(task); }, (this, task), time, Timeout.InfiniteTimeSpan)
            : null;
        BodyOutcome outcome;
        try
        {
            var activity = registry.Get(claimed.Activity);
            var info = new StepInfo(claimed.RunId, claimed.Activity, claimed.Number, claimed.Attempt.Operation, task.Options.StepId, codec, claimed.Details,
                details => task.Beat(details, clock.GetTimestamp()), task.Options.View(codec));
            ReadOnlyMemory<byte> result;
            if (scopes is null) result = await activity.InvokeAsync(new FixedScope(null, info, task.Token), claimed.Input, codec);
            else
            {
                await using var scope = scopes.CreateAsyncScope();
                // To make a scope may take its time, the first one of a process most of all.
                if (pool.MustWait(task)) return;
                result = await activity.InvokeAsync(new FixedScope(scope.ServiceProvider, info, task.Token), claimed.Input, codec);
            }
            outcome = new BodyOutcome { Verdict = BodyVerdict.Completed, Attempt = claimed.Number, Result = result };
        }
        catch (Exception e)
        {
            outcome = BodyOutcomes.Of(e, codec, RetryPolicy.Default, claimed.Number, task.IsCancelled, session.Now);
        }
        // In a process that stood still the timer is as late as the result.
        if (limit is { } most && clock.GetElapsedTime(begun) > most) TimeOut(task);
        pool.End(task, outcome);
    }

    /// <summary>The outcome of a task that must not be executed, or null.</summary>
    private static BodyOutcome? Refusal(ClaimedTask task, int maxCrashes)
    {
        if (task.Expired)
            return new BodyOutcome
            {
                Verdict = BodyVerdict.TimedOut, Attempt = task.Number, Final = true,
                Failure = FailureExceptions.OfClock(ErrorCodes.ActivityTimeout,
                    $"Activity \"{task.Activity}\" waited in queue \"{task.Queue}\" beyond its limit and was not executed.", ActivityClock.ScheduleToStart),
            };
        if (task.Crashes == 0 || task.Crashes < maxCrashes) return null;
        return new BodyOutcome
        {
            Verdict = BodyVerdict.Failed, Attempt = task.Number, Final = true,
            Failure = new Failure(ErrorCodes.ActivityFailed, $"Activity \"{task.Activity}\" lost its worker {task.Crashes} times in a row."),
        };
    }

    private TimeSpan? Limit(RunningTask task)
    {
        var limit = task.Options.StartToClose;
        if (task.Task.CloseDeadline.IsNever) return limit;
        var rest = task.Task.CloseDeadline - session.Now;
        if (rest < TimeSpan.Zero) rest = TimeSpan.Zero;
        return limit is { } own && own < rest ? own : rest;
    }

    private void TimeOut(RunningTask task)
    {
        var clock = !task.Task.CloseDeadline.IsNever && session.Now >= task.Task.CloseDeadline ? ActivityClock.ScheduleToClose : ActivityClock.StartToClose;
        TimeOut(task, $"Activity \"{task.Task.Activity}\" did not finish in time (attempt {task.Task.Number}).", clock);
    }

    private void TimeOut(RunningTask task, string message, ActivityClock clock)
    {
        pool.End(task, new BodyOutcome
        {
            Verdict = BodyVerdict.TimedOut, Attempt = task.Task.Number, Failure = FailureExceptions.OfClock(ErrorCodes.ActivityTimeout, message, clock),
            Final = clock == ActivityClock.ScheduleToClose,
        });
        task.Fire();
    }
}
