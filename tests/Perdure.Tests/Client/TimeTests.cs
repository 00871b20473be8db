using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Client;

/// <summary>Runs over time: sleeps, the clocks of activities and runs, restarts between.</summary>
public class TimeTests
{
    private sealed record User([property: JsonPropertyName("user_id")] int Id);

    private sealed record Score(bool Ok, [property: JsonPropertyName("score")] int Points);

    private static void Onboarding(IPerdureBuilder builder, Probe probe, bool clicked) => builder
        .AddWorkflow("onboard_user", async (WorkflowContext ctx, User user) =>
        {
            await ctx.ActivityAsync<Unit>("send_mail", user.Id);
            await ctx.SleepAsync(TimeSpan.FromHours(1));
            if (!await ctx.ActivityAsync<bool>("check_click", user.Id))
            {
                await ctx.SleepAsync(TimeSpan.FromHours(24));
                await ctx.ActivityAsync<Unit>("send_mail", user.Id);
            }
            return new Score(true, await ctx.ActivityAsync<int>("score", user.Id));
        })
        .AddActivity("send_mail", (int user) => probe.NoteAsync("mail", Unit.Value))
        .AddActivity("check_click", (int user) => probe.NoteAsync("check", clicked))
        .AddActivity("score", (int user) => probe.NoteAsync("score", 42));

    [Theory, EveryStore]
    public async Task A1_OnboardingSleepsExactlyAnHour(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => Onboarding(builder, probe, clicked: true));
        var start = engine.Clock.GetUtcNow();
        var run = await engine.Client.StartAsync("onboard_user", new { user_id = 7 }).Soon();
        Assert.Equal(start.AddHours(1), (await run.WaitsForAsync("timer")).Due);

        await engine.AdvanceAsync(TimeSpan.FromSeconds(3599));
        Assert.Equal(RunStatus.Suspended, await run.StatusAsync());
        Assert.Equal(["mail"], probe.Calls);
        engine.Clock.Advance(start.AddHours(1) - engine.Clock.GetUtcNow());

        Assert.Equal("""{"ok":true,"score":42}""", (await engine.TrickleAsync(run.ResultAsync<System.Text.Json.JsonElement>())).GetRawText());
        Assert.Equal(["mail", "check", "score"], probe.Calls);
        Assert.True((await run.GetHistoryAsync(kinds: [EventKind.SleepCompleted]))[0].Timestamp >= start.AddHours(1));
    }

    [Theory, EveryStore]
    public async Task A2_WithoutAClickTheMailIsSentTwice(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => Onboarding(builder, probe, clicked: false));
        var run = await engine.Client.StartAsync("onboard_user", new { user_id = 7 }).Soon();
        await run.WaitsForAsync("timer");

        engine.Clock.Advance(TimeSpan.FromHours(1));
        await engine.TrickleAsync(probe.ReachedAsync("check"));
        await run.WaitsForAsync("timer");
        var due = (await run.WaitsForAsync("timer")).Due!.Value;
        await engine.AdvanceAsync(due - engine.Clock.GetUtcNow() - TimeSpan.FromSeconds(1));
        Assert.Equal(["mail", "check"], probe.Calls);
        engine.Clock.Advance(due - engine.Clock.GetUtcNow());

        await engine.TrickleAsync(run.WaitAsync());
        Assert.Equal(["mail", "check", "mail", "score"], probe.Calls);
        Assert.Equal(4, (await run.GetHistoryAsync(kinds: [EventKind.ActivityCompleted])).Count);
    }

    [Theory, EveryStore]
    public async Task A4_ASleepSurvivesARestartAndNothingRunsTwice(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("sleeper", async (WorkflowContext ctx, Unit _) =>
        {
            var first = await ctx.StepAsync("step1", () => probe.NoteAsync("step1", Environment.CurrentManagedThreadId));
            await ctx.SleepAsync("1h");
            return await ctx.StepAsync("step2", () => probe.NoteAsync("step2", first));
        });
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("sleeper", default(Unit)).Soon();
            id = run.Id;
            await run.WaitsForAsync("timer");
            await first.StopAsync();
        }
        store.Clock.Advance(TimeSpan.FromHours(1));
        await using var second = await TestEngine.StartAsync(store, Register);

        var handle = second.Client.Handle<int>(id);
        await second.TrickleAsync(handle.ResultAsync());
        Assert.Equal(["step1", "step2"], probe.Calls);
        Assert.Equal(
            ["workflow_started", "step_completed", "sleep_started", "sleep_completed", "step_completed", "workflow_completed"],
            (await handle.GetHistoryAsync()).Select(e => e.WireName));
    }

    [Theory, EveryStore]
    public async Task A10_AfterARestartStoredValuesAreReturnedWithoutExecuting(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("steps", async (WorkflowContext ctx, Unit _) =>
        {
            var one = await ctx.StepAsync("one", () => probe.NoteAsync("one", Guid.NewGuid()));
            var two = await ctx.StepAsync("two", () => probe.NoteAsync("two", Guid.NewGuid()));
            await ctx.StepAsync("three", () => probe.HoldAsync("three"));
            return new[] { one, two };
        });
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("steps", default(Unit)).Soon();
            id = run.Id;
            await probe.ReachedAsync("three");
        }
        probe.Open("three");
        await using var second = await TestEngine.StartAsync(store, Register);

        var handle = second.Client.Handle<Guid[]>(id);
        var values = await second.TrickleAsync(handle.ResultAsync());
        Assert.Equal(["one", "two", "three", "three"], probe.Calls);
        Assert.Equal(values.Select(value => $"\"{value}\""), (await handle.GetAsync(RunInclude.Steps)).Steps!.Take(2).Select(step => step.Output!.Value.GetRawText()));
    }

    [Theory, EveryStore]
    public async Task A18_AStepTimesOutAndIsRetried_TheRunTimesOutAtItsDeadline(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("hang", async (WorkflowContext ctx, Unit _) =>
        {
            try
            {
                await ctx.StepAsync("hang", async (StepInfo info, CancellationToken ct) =>
                {
                    probe.Note("attempt " + info.Attempt);
                    await Task.Delay(Timeout.Infinite, ct);
                }, new() { Timeout = TimeSpan.FromMinutes(5), Retry = RetryPolicy.Constant(TimeSpan.FromMinutes(1)) with { MaxAttempts = RetryPolicy.UnlimitedAttempts } });
            }
            finally
            {
                await ctx.ShieldAsync(() => ctx.StepAsync("cleanup", () => probe.NoteAsync("cleanup", 1)));
            }
        }, new() { RunTimeout = TimeSpan.FromHours(2) }));
        var start = engine.Clock.GetUtcNow();
        var run = await engine.Client.StartAsync("hang", default(Unit)).Soon();
        await probe.ReachedAsync("attempt 1");

        engine.Clock.Advance(TimeSpan.FromMinutes(5));
        await engine.TrickleAsync(run.WaitsForAsync("retry"));
        var failed = (await run.GetHistoryAsync(kinds: [EventKind.StepFailed]))[0];
        Assert.Equal((true, ErrorCodes.StepTimeout), (failed.IsRetryable, failed.Data!.Value.GetProperty("code").GetString()));
        engine.Clock.Advance(TimeSpan.FromMinutes(1));
        await engine.TrickleAsync(probe.ReachedAsync("attempt 2"));

        engine.Clock.Advance(start.AddHours(2) - engine.Clock.GetUtcNow());
        await Assert.ThrowsAsync<RunTimedOutException>(() => engine.TrickleAsync(run.WaitAsync()));
        Assert.Equal(1, probe.Count("cleanup"));
        Assert.Equal(RunStatus.TimedOut, await run.StatusAsync());
        Assert.Equal(start.AddHours(2), (await run.GetAsync()).Deadline);
    }

    [Theory, EveryStore]
    public async Task D1_AnActivityThatTakesTooLongIsTimedOut(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("slow", async (WorkflowContext ctx, Unit _) =>
            {
                try
                {
                    return await ctx.ActivityAsync<string>("act", options: new() { StartToClose = TimeSpan.FromSeconds(1), Retry = RetryPolicy.None });
                }
                catch (ActivityTimeoutException e)
                {
                    return e.Clock.ToString();
                }
            })
            .AddActivity("act", async (CancellationToken ct) =>
            {
                ct.Register(() => probe.Note("token"));
                await probe.HoldAsync("act", CancellationToken.None);
                return "late";
            }));
        var run = await engine.Client.StartAsync("slow", default(Unit)).Soon();
        await probe.ReachedAsync("act");

        engine.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("StartToClose", await engine.TrickleAsync(run.ResultAsync<string>()));
        await probe.ReachedAsync("token");
        probe.Open("act");
        var timedOut = Assert.Single(await run.GetHistoryAsync(kinds: [EventKind.ActivityTimedOut]));
        Assert.False(timedOut.IsRetryable);
    }

    [Theory, EveryStore]
    public async Task D3_AnActivityThatWaitsTooLongInItsQueueIsTimedOutUnexecutedAndNotRetried(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("queue", async (WorkflowContext ctx, string what) =>
            {
                try
                {
                    return await ctx.ActivityAsync<string>("act", what, new() { ScheduleToStart = TimeSpan.FromSeconds(2) });
                }
                catch (ActivityTimeoutException e)
                {
                    return e.Clock.ToString();
                }
            })
            .AddActivity("act", async (string what) =>
            {
                await probe.HoldAsync(what);
                return what;
            }), o => o.Queue("default", maxConcurrency: 1));
        var first = await engine.Client.StartAsync("queue", "first").Soon();
        await probe.ReachedAsync("first");
        var second = await engine.Client.StartAsync("queue", "second").Soon();
        await second.WaitsForAsync("activity");

        engine.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("ScheduleToStart", await engine.TrickleAsync(second.ResultAsync<string>()));
        probe.Open("first");
        Assert.Equal("first", await engine.TrickleAsync(first.ResultAsync<string>()));
        Assert.Equal(["first"], probe.Calls);
        Assert.Empty(await second.GetHistoryAsync(kinds: [EventKind.ActivityRetryScheduled]));
    }

    [Theory, EveryStore]
    public async Task D4_HeartbeatsKeepAnActivityAlive_SilenceEndsIt(StoreKind store)
    {
        var probe = new Probe();
        Action<int>? beat = null;
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("beat", async (WorkflowContext ctx, Unit _) =>
            {
                var other = ctx.ActivityAsync<string>("other");
                string end;
                try
                {
                    end = await ctx.ActivityAsync<string>("act", options: new() { Heartbeat = TimeSpan.FromSeconds(2), Retry = RetryPolicy.None });
                }
                catch (ActivityTimeoutException e)
                {
                    end = e.Clock.ToString();
                }
                return end + " " + await other;
            })
            .AddActivity("act", async (Unit _, StepInfo info, CancellationToken ct) =>
            {
                beat = progress => info.Heartbeat(progress);
                await probe.HoldAsync("act", ct);
                return "late";
            })
            .AddActivity("other", async () =>
            {
                await probe.HoldAsync("other");
                return "other";
            }));
        var run = await engine.Client.StartAsync("beat", default(Unit)).Soon();
        await probe.ReachedAsync("act");
        await probe.ReachedAsync("other");

        for (var second = 0; second < 10; second++)
        {
            await engine.AdvanceAsync(TimeSpan.FromSeconds(1));
            beat!(second);
        }
        Assert.Empty(await run.GetHistoryAsync(kinds: [EventKind.ActivityTimedOut]));
        var silence = engine.Clock.GetUtcNow();
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await run.GetHistoryAsync(kinds: [EventKind.ActivityTimedOut])).Count == 1));
        var timedOut = (await run.GetHistoryAsync(kinds: [EventKind.ActivityTimedOut]))[0];
        Assert.InRange((timedOut.Timestamp - silence).TotalSeconds, 2, 4);

        probe.Open("other");
        Assert.Equal("Heartbeat other", await engine.TrickleAsync(run.ResultAsync<string>()));
    }

    [Theory, EveryStore]
    public async Task C14_TheNextAttemptReadsWhatTheLastOneReported(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("progress", (WorkflowContext ctx, Unit _) => ctx.ActivityAsync<int>("act", options: new()
            {
                Heartbeat = TimeSpan.FromMinutes(1), Retry = RetryPolicy.Constant(TimeSpan.FromSeconds(1)),
            }))
            .AddActivity("act", (Unit _, StepInfo info) =>
            {
                if (info.Attempt > 1) return Task.FromResult(info.PreviousDetails<int>());
                info.Heartbeat(40);
                throw new InvalidOperationException("boom");
            }));
        var run = await engine.Client.StartAsync("progress", default(Unit)).Soon();

        Assert.Equal(40, await engine.TrickleAsync(run.ResultAsync<int>()));
    }

    [Theory, EveryStore]
    public async Task D6_AWaitLimitWakesTheRunByItself_AndALaterAwaitStillSucceeds(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("limit", async (WorkflowContext ctx, Unit _) =>
            {
                var handle = ctx.StartActivity<string>("act");
                try
                {
                    return await handle.ResultAsync(TimeSpan.FromSeconds(5));
                }
                catch (TimeoutException)
                {
                    probe.Note("limit");
                    return "late " + await handle.ResultAsync();
                }
            })
            .AddActivity("act", async () =>
            {
                await probe.HoldAsync("act");
                return "result";
            }));
        var start = engine.Clock.GetUtcNow();
        var run = await engine.Client.StartAsync("limit", default(Unit)).Soon();
        await probe.ReachedAsync("act");
        await Waiting.UntilAsync(async () => (await run.GetAsync()).DueAt == start.AddSeconds(5));

        await engine.AdvanceAsync(TimeSpan.FromSeconds(4.999));
        Assert.Equal(0, probe.Count("limit"));
        engine.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await engine.TrickleAsync(probe.ReachedAsync("limit"));
        Assert.Equal(RunStatus.Suspended, await run.StatusAsync());
        probe.Open("act");

        Assert.Equal("late result", await engine.TrickleAsync(run.ResultAsync<string>()));
    }

    [Theory, EveryStore]
    public async Task D7_AWaitLimitOfZeroAnswersAtOnce(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("zero", async (WorkflowContext ctx, Unit _) =>
            {
                var quick = ctx.StartActivity<string>("quick");
                var slow = ctx.StartActivity<string>("slow");
                var first = await quick.ResultAsync();
                async Task<string> NowAsync(ActivityHandle<string> handle)
                {
                    try
                    {
                        return await handle.ResultAsync(TimeSpan.Zero);
                    }
                    catch (TimeoutException)
                    {
                        return "not yet";
                    }
                }
                return $"{first} {await NowAsync(quick)} {await NowAsync(slow)}";
            })
            .AddActivity("quick", () => Task.FromResult("quick"))
            .AddActivity("slow", async () =>
            {
                await probe.HoldAsync("slow");
                return "slow";
            }));
        var run = await engine.Client.StartAsync("zero", default(Unit)).Soon();

        Assert.Equal("quick quick not yet", await run.ResultAsync<string>().Soon());
        probe.Open("slow");
    }

    [Theory, EveryStore(SeveralWorkers = true)]
    public async Task M10_AGracefulStopGivesTheActivityBackWithItsAttemptRefunded(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder
            .AddWorkflow("long", (WorkflowContext ctx, Unit _) => ctx.ActivityAsync<int>("act"))
            .AddActivity("act", async (Unit _, StepInfo info, CancellationToken ct) =>
            {
                await probe.HoldAsync("act", ct);
                return info.Attempt;
            });
        await using var first = await TestEngine.StartAsync(store, Register, o => o.ShutdownGrace = TimeSpan.FromSeconds(2));
        var run = await first.Client.StartAsync("long", default(Unit)).Soon();
        await probe.ReachedAsync("act");

        await first.StopAsync();
        await using var second = await TestEngine.StartAsync(store, Register);
        await probe.ReachedAsync("act", times: 2);
        probe.Open("act");

        Assert.Equal(1, await second.TrickleAsync(second.Client.Handle<int>(run.Id).ResultAsync()));
        Assert.Empty(await run.GetHistoryAsync(kinds: [EventKind.ActivityFailed, EventKind.ActivityTimedOut, EventKind.ActivityCancelled]));
    }

    [Theory, EveryStore]
    public async Task E10_ASleepOfThirtyDaysFiresOnceWithoutDailyEvents(StoreKind kind)
    {
        using var store = new TestStore(kind);
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("month", async (WorkflowContext ctx, Unit _) =>
        {
            await ctx.SleepAsync("30d");
            return ctx.UtcNow;
        });
        await using var starter = TestEngine.ClientOnly(store, Register);
        var start = store.Clock.GetUtcNow();
        var run = await starter.Client.StartAsync("month", default(Unit)).Soon();
        for (var day = 0; day < 30; day++)
        {
            await using var engine = await TestEngine.StartAsync(store, Register);
            await engine.PassAsync();
            if (day == 0) await run.WaitsForAsync("timer");
            Assert.Equal(RunStatus.Suspended, await run.StatusAsync());
            await engine.StopAsync();
            store.Clock.Advance(TimeSpan.FromDays(1));
        }
        await using var last = await TestEngine.StartAsync(store, Register);

        // Stopping took some virtual milliseconds each day.
        Assert.InRange(await last.TrickleAsync(last.Client.Handle<DateTimeOffset>(run.Id).ResultAsync()), start.AddDays(30), start.AddDays(30).AddMinutes(1));
        Assert.Equal(["workflow_started", "sleep_started", "sleep_completed", "workflow_completed"], (await run.GetHistoryAsync()).Select(e => e.WireName));
    }
}
