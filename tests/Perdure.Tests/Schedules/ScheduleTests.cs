using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Perdure.Schedules;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Schedules;

/// <summary>Schedules at work: what starts when, and what does not. The clock begins at midnight.</summary>
public class ScheduleTests
{
    private static readonly WorkflowDefinition<string, string> Job = new("job");
    private static readonly Signal<string> End = new("end");
    private static readonly ScheduleTimes Hourly = ScheduleTimes.Cron("@hourly");

    [Theory, EveryStore]
    public async Task ADueTime_StartsOneRunWithItsInput_WhoseIdNamesIt(StoreKind store)
    {
        await using var engine = await StartAsync(store);
        await engine.Client.Schedules.CreateAsync("report", Hourly, Job, "all", new() { Tags = new Dictionary<string, string> { ["team"] = "sales" } }).Soon();
        await ReadAsync(engine, "report");
        await engine.AdvanceAsync(TimeSpan.FromMinutes(59));
        Assert.Empty(await RunsAsync(engine, "report"));

        await engine.AdvanceAsync(TimeSpan.FromMinutes(1));
        var schedule = await WhenAsync(engine, "report", schedule => schedule.Succeeded == 1);

        Assert.Equal(["01:00"], await RunsAsync(engine, "report"));
        var run = await engine.Client.GetAsync("report@2030-01-01T01:00:00Z").Soon();
        Assert.Equal(("sales", "report", RunStatus.Completed), (run.Tags["team"], run.Tags["schedule"], run.Status));
        Assert.Equal("all", run.Input.GetString());
        Assert.Equal((At(1), At(2), "report@2030-01-01T01:00:00Z", 1L), (schedule.LastAt, schedule.NextAt, schedule.LastRunId, schedule.Started));
        Assert.DoesNotContain((await engine.Client.ListAsync().Soon()).Runs, listed => listed.Id == schedule.RunId);
    }

    [Theory, EveryStore]
    public async Task OptionsOfASchedule_AreThoseOfItsRuns(StoreKind store)
    {
        await using var engine = await StartAsync(store);
        await engine.Client.Schedules.CreateAsync("report", Hourly, Job, "all", new()
        {
            Queue = "nobody's", Priority = 7, RunTimeout = TimeSpan.FromMinutes(5), Retry = new RetryPolicy { MaxAttempts = 4 },
        }).Soon();
        await ReadAsync(engine, "report");
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        await WhenAsync(engine, "report", schedule => schedule.Started == 1);

        var run = await engine.Client.GetAsync("report@2030-01-01T01:00:00Z").Soon();
        Assert.Equal(("nobody's", 7, TimeSpan.FromMinutes(5), RunStatus.Pending), (run.Queue, run.Priority, run.Deadline - run.CreatedAt, run.Status));
        Assert.Equal(4, Perdure.Formats.RunSettings.Read((await engine.Store.ReadRunAsync(new RunSelector(Id: run.Id), default))!.Options).Retry!.MaxAttempts);
    }

    [Fact]
    public async Task OptionsOfASchedule_OutOfTheirRange_AreRefusedByName()
    {
        await using var engine = await StartAsync(StoreKind.Memory);
        foreach (var (option, options) in new (string, ScheduleOptions)[]
        {
            ("ScheduleOptions.CatchUpLimit", new() { CatchUpLimit = 0 }), ("ScheduleOptions.CatchUpLimit", new() { CatchUpLimit = 1_001 }),
            ("ScheduleOptions.CatchUpWindow", new() { CatchUpWindow = TimeSpan.Zero }), ("ScheduleOptions.Jitter", new() { Jitter = TimeSpan.FromDays(1.1) }),
            ("ScheduleOptions.EndAt", new() { StartAt = At(2), EndAt = At(2) }), ("ScheduleOptions.Priority", new() { Priority = 1_001 }),
            ("ScheduleOptions.RunTimeout", new() { RunTimeout = TimeSpan.Zero }), ("ScheduleOptions.Overlap", new() { Overlap = (ScheduleOverlap)99 }),
        })
            Assert.Equal(option, (await Assert.ThrowsAsync<InvalidOptionException>(() => engine.Client.Schedules.CreateAsync("bad", Hourly, Job, "all", options))).Option);
        Assert.Null(await engine.Client.Schedules.GetAsync("bad"));
    }

    [Theory, EveryStore]
    public async Task ARunOfASchedule_IsListedAtTheTop_AndIsDeletedWhileTheScheduleLives(StoreKind store)
    {
        await using var engine = await StartAsync(store);
        await engine.Client.Schedules.CreateAsync("report", Hourly, Job, "all").Soon();
        await ReadAsync(engine, "report");
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        await WhenAsync(engine, "report", schedule => schedule.Succeeded == 1);

        var top = await engine.Client.ListAsync(new RunFilter { TopLevelOnly = true, Workflow = Job.Name }).Soon();
        var run = Assert.Single(top.Runs);
        Assert.Equal("report@2030-01-01T01:00:00Z", run.Id);
        await engine.AdvanceAsync(TimeSpan.FromMinutes(30));
        await engine.Client.PurgeAsync(new PurgeOptions { OlderThan = TimeSpan.FromMinutes(10) }).Soon();
        await Assert.ThrowsAsync<RunNotFoundException>(() => engine.Client.GetAsync(run.Id).Soon());
        await engine.AdvanceAsync(TimeSpan.FromMinutes(30));
        Assert.Equal(2, (await WhenAsync(engine, "report", schedule => schedule.Succeeded == 2)).Succeeded);
    }

    [Theory, EveryStore]
    public async Task L6_AWorkerThatGoesAndComesBack_StartsEachTimeOnce(StoreKind kind)
    {
        using var store = new TestStore(kind);
        for (var hour = 0; hour < 3; hour++)
        {
            await using var engine = await StartAsync(store, builder => builder.AddSchedule("report", Hourly, Job, "all"));
            await WhenAsync(engine, "report", schedule => schedule.NextAt == At(hour + 1));
            await engine.AdvanceAsync(TimeSpan.FromHours(1));
            await WhenAsync(engine, "report", schedule => schedule.Succeeded == hour + 1);
            await engine.StopAsync();
        }
        await using var last = await StartAsync(store);
        Assert.Equal(["01:00", "02:00", "03:00"], await RunsAsync(last, "report"));
    }

    [Theory]
    [EveryStore(ScheduleCatchUp.One, "03:00 04:00")]
    [EveryStore(ScheduleCatchUp.All, "01:00 02:00 03:00 04:00")]
    [EveryStore(ScheduleCatchUp.None, "04:00")]
    public async Task L7_AfterThreeHoursDown_ThePolicySaysWhatIsMadeUpFor(StoreKind kind, ScheduleCatchUp policy, string expected)
    {
        using var store = new TestStore(kind);
        await using (var engine = await StartAsync(store))
        {
            await engine.Client.Schedules.CreateAsync("report", Hourly, Job, "all", new() { CatchUp = policy }).Soon();
            await ReadAsync(engine, "report");
            await engine.StopAsync();
        }
        store.Clock.Advance(TimeSpan.FromMinutes(190));
        await using var back = await StartAsync(store);
        await WhenAsync(back, "report", schedule => schedule.NextAt == At(4) && schedule.Buffered + schedule.Live.Count == 0);
        await back.AdvanceAsync(TimeSpan.FromMinutes(50));
        var schedule = await WhenAsync(back, "report", schedule => schedule.NextAt == At(5) && schedule.Live.Count == 0);

        Assert.Equal(expected.Split(' '), await RunsAsync(back, "report"));
        Assert.Equal(4 - expected.Split(' ').Length, schedule.Skipped);
        if (schedule.Skipped > 0) Assert.Contains(schedule.Recent, fire => fire is { Outcome: ScheduleOutcome.Skipped, Reason: "catch-up" });
    }

    [Theory, EveryStore]
    public async Task L7_AfterSecondsDown_AScheduleOfSecondsStartsTheLatestTimeOnly(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using (var engine = await StartAsync(store))
        {
            await engine.Client.Schedules.CreateAsync("report", ScheduleTimes.Cron("*/5 * * * * *"), Job, "all").Soon();
            await ReadAsync(engine, "report");
            await engine.StopAsync();
        }
        store.Clock.Advance(TimeSpan.FromSeconds(22));
        await using var back = await StartAsync(store);
        var schedule = await WhenAsync(back, "report", schedule => schedule.Succeeded == 1);

        Assert.Equal((1L, 3L), (schedule.Started, schedule.Skipped));
        Assert.Equal("report@2030-01-01T00:00:20Z", schedule.LastRunId);
    }

    [Theory, EveryStore]
    public async Task AScheduleThatNoWorkerHasSeenYet_CountsItsTimesFromItsBirth(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using (var client = TestEngine.ClientOnly(store, AddJob)) await client.Client.Schedules.CreateAsync("report", Hourly, Job, "all").Soon();
        store.Clock.Advance(TimeSpan.FromMinutes(190));
        await using var worker = await StartAsync(store);
        var schedule = await WhenAsync(worker, "report", schedule => schedule.Succeeded == 1);

        Assert.Equal((1L, 2L), (schedule.Started, schedule.Skipped));
        Assert.Equal(IdOf("03:00"), schedule.LastRunId);
    }

    [Theory, EveryStore]
    public async Task L7_WhatIsOlderThanTheWindow_IsSkippedForThatReason(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using (var engine = await StartAsync(store))
        {
            await engine.Client.Schedules.CreateAsync("report", Hourly, Job, "all", new() { CatchUp = ScheduleCatchUp.All }).Soon();
            await ReadAsync(engine, "report");
            await engine.StopAsync();
        }
        store.Clock.Advance(TimeSpan.FromHours(30) + TimeSpan.FromMinutes(30));
        await using var back = await StartAsync(store);
        var schedule = await WhenAsync(back, "report", schedule => schedule.Succeeded == 24);
        Assert.Equal(6, schedule.Skipped);
        Assert.Contains(schedule.Recent, fire => fire is { Outcome: ScheduleOutcome.Started } && fire.Slot == At(30));
    }

    [Theory, EveryStore]
    public async Task L8_SkipLeavesOutWhatComesWhileTheRunIsLive_AndGoesOnBehindIt(StoreKind store)
    {
        await using var engine = await StartAsync(store);
        await CreateWaitingAsync(engine, ScheduleOverlap.Skip);
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        await WhenAsync(engine, "report", schedule => schedule.Live.Count == 1);
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        await engine.AdvanceAsync(TimeSpan.FromMinutes(90));

        await EndAsync(engine, "01:00");
        var schedule = await WhenAsync(engine, "report", schedule => schedule.Succeeded == 1);
        Assert.Equal((2L, At(4)), (schedule.Skipped, schedule.NextAt));
        Assert.Contains(schedule.Recent, fire => fire is { Reason: "overlap", Count: 2 });

        await engine.AdvanceAsync(TimeSpan.FromMinutes(30));
        await WhenAsync(engine, "report", schedule => schedule.Live.Count == 1);
        Assert.Equal(["01:00", "04:00"], await RunsAsync(engine, "report"));
    }

    [Theory]
    [EveryStore(ScheduleOverlap.BufferOne, "01:00 02:00", 2)]
    [EveryStore(ScheduleOverlap.BufferAll, "01:00 02:00 03:00 04:00", 0)]
    public async Task L10_BufferedStartsAreMadeOneAfterTheOther(StoreKind kind, ScheduleOverlap overlap, string expected, int skipped)
    {
        await using var engine = await StartAsync(kind);
        await CreateWaitingAsync(engine, overlap);
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        await WhenAsync(engine, "report", schedule => schedule.Live.Count == 1);
        await engine.AdvanceAsync(TimeSpan.FromMinutes(190));

        foreach (var slot in expected.Split(' '))
        {
            var schedule = await WhenAsync(engine, "report", schedule => schedule.Live is [var live] && live.Contains(slot, StringComparison.Ordinal));
            Assert.Equal(schedule.Started, schedule.Succeeded + 1);
            await EndAsync(engine, slot);
        }
        var after = await WhenAsync(engine, "report", schedule => schedule.Live.Count == 0);
        Assert.Equal(skipped, after.Skipped);
        Assert.Equal(expected.Split(' '), await RunsAsync(engine, "report"));
        // All but the first had to wait.
        Assert.Equal((0, (long)expected.Split(' ').Length - 1), (after.Buffered, after.BufferedInAll));
        Assert.Equal(expected.Split(' ')[1..], after.Recent.Where(static fire => fire.Outcome == ScheduleOutcome.Buffered).Select(static fire => fire.Slot.ToString("HH:mm", CultureInfo.InvariantCulture)));
    }

    [Theory, EveryStore]
    public async Task AFailedRunOfALiveSchedule_IsRetried_AndTheScheduleGoesOn(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        await CreateWaitingAsync(engine, ScheduleOverlap.Skip);
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        await WhenAsync(engine, "report", schedule => schedule.Live.Count == 1);
        var run = engine.Client.Handle(IdOf("01:00"));
        await run.TerminateAsync("wrong").Soon();
        await WhenAsync(engine, "report", schedule => schedule.Failed == 1);

        await engine.Client.RetryAsync(run.Id).Soon();
        await UntilAsync(engine, async () => await run.StatusAsync() == RunStatus.Suspended);
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        await WhenAsync(engine, "report", schedule => schedule.Started == 2);
        await EndAsync(engine, "01:00");
        await UntilAsync(engine, async () => await run.StatusAsync() == RunStatus.Completed);
        await EndAsync(engine, "02:00");
        var after = await WhenAsync(engine, "report", schedule => schedule.Succeeded == 1);
        Assert.Equal((2L, 1L, 1L), (after.Started, after.Succeeded, after.Failed));
    }

    [Theory, EveryStore]
    public async Task L11_CancelOtherStartsWhenTheOtherHasCleanedUp(StoreKind store)
    {
        await using var engine = await StartAsync(store);
        await CreateWaitingAsync(engine, ScheduleOverlap.CancelOther, "clean up");
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        await WhenAsync(engine, "report", schedule => schedule.Live.Count == 1);
        await WaitingAsync(engine, "01:00");
        await engine.AdvanceAsync(TimeSpan.FromHours(1));

        var cleaning = engine.Client.Handle(IdOf("01:00"));
        await UntilAsync(engine, async () => (await cleaning.GetAsync()).Phase == RunPhase.Cancelling);
        Assert.Equal(["01:00"], await RunsAsync(engine, "report"));
        await cleaning.SignalAsync(End, "").Soon();

        var schedule = await WhenAsync(engine, "report", schedule => schedule.Failed == 1 && schedule.Live.Count == 1);
        Assert.Equal(RunStatus.Cancelled, await cleaning.StatusAsync());
        Assert.Equal(["01:00", "02:00"], await RunsAsync(engine, "report"));
    }

    [Theory, EveryStore]
    public async Task L11_CancelOtherNoWaitStartsAtOnce(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        await CreateWaitingAsync(engine, ScheduleOverlap.CancelOtherNoWait, "clean up");
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        await WhenAsync(engine, "report", schedule => schedule.Live.Count == 1);
        await WaitingAsync(engine, "01:00");
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        await WhenAsync(engine, "report", schedule => schedule.Live.Count == 2);
        await UntilAsync(engine, async () => (await engine.Client.GetAsync(IdOf("01:00"))).Phase == RunPhase.Cancelling);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Run_OfAScheduleThatIsCancelled_EndsAsCancelled(bool behindACommand)
    {
        await using var engine = await StartAsync(StoreKind.Memory);
        await CreateWaitingAsync(engine, ScheduleOverlap.AllowAll);
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        var schedule = await WhenAsync(engine, "report", schedule => schedule.Live.Count == 1);
        if (behindACommand)
        {
            // From now on the run hears of its cancellation first where it waits for the live run, and only then where it waits for commands.
            await engine.Client.Schedules.PauseAsync("report", "for now").Soon();
            await WhenAsync(engine, "report", schedule => schedule.PauseReason == "for now");
        }

        await engine.Client.CancelAsync(schedule.RunId, "no more").Soon();

        await UntilAsync(engine, async () => await engine.Client.Handle(schedule.RunId).StatusAsync() == RunStatus.Cancelled);
    }

    [Theory, EveryStore]
    public async Task L12_AllowAllLetsRunsBeLiveSideBySide(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        await CreateWaitingAsync(engine, ScheduleOverlap.AllowAll);
        for (var hour = 1; hour <= 3; hour++)
        {
            await engine.AdvanceAsync(TimeSpan.FromHours(1));
            await WhenAsync(engine, "report", schedule => schedule.Live.Count == hour);
        }
    }

    [Theory, EveryStore]
    public async Task L13_ATriggerStartsOneMore_AndTheNextTimeStays(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        await engine.Client.Schedules.CreateAsync("report", ScheduleTimes.Every(TimeSpan.FromHours(1)), Job, "all").Soon();
        await ReadAsync(engine, "report");
        await engine.AdvanceAsync(TimeSpan.FromMinutes(20));
        await engine.Client.Schedules.TriggerAsync("report", "one").Soon();
        var schedule = await WhenAsync(engine, "report", schedule => schedule.Succeeded == 1);
        Assert.Equal(At(1), schedule.NextAt);
        Assert.Equal("one", (await engine.Client.GetAsync(schedule.LastRunId!).Soon()).Input.GetString());
    }

    [Theory, EveryStore]
    public async Task L15_APausedScheduleMakesUpForNothing(StoreKind store)
    {
        await using var engine = await StartAsync(store);
        await engine.Client.Schedules.CreateAsync("report", Hourly, Job, "all", new() { CatchUp = ScheduleCatchUp.All }).Soon();
        await ReadAsync(engine, "report");
        await engine.Client.Schedules.PauseAsync("report", "maintenance").Soon();
        var paused = await WhenAsync(engine, "report", schedule => schedule.IsPaused);
        Assert.Equal(("maintenance", null), (paused.PauseReason, paused.NextAt));
        Assert.Empty(await engine.Client.Schedules.NextTimesAsync("report").Soon());
        await engine.AdvanceAsync(TimeSpan.FromMinutes(130));

        await engine.Client.Schedules.ResumeAsync("report").Soon();
        var resumed = await WhenAsync(engine, "report", schedule => !schedule.IsPaused);
        Assert.Equal((At(3), 2L, 0L), (resumed.NextAt, resumed.Skipped, resumed.Started));
        Assert.Contains(resumed.Recent, fire => fire is { Reason: "paused", Count: 2 });
        Assert.Equal([At(3), At(4)], await engine.Client.Schedules.NextTimesAsync("report", 2).Soon());
    }

    [Theory, EveryStore]
    public async Task L16_ANewRegistrationChangesTheTimes_AndLeavesAnOperatorsPauseAlone(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using (var engine = await StartAsync(store, builder => builder.AddSchedule("report", Hourly, Job, "all")))
        {
            await ReadAsync(engine, "report");
            await engine.Client.Schedules.PauseAsync("report").Soon();
            await WhenAsync(engine, "report", schedule => schedule.IsPaused);
            await engine.StopAsync();
        }
        await using var next = await StartAsync(store, builder => builder.AddSchedule("report", ScheduleTimes.Daily(new(3, 30)), Job, "all"));
        var schedule = await WhenAsync(next, "report", schedule => schedule.Times == ScheduleTimes.Daily(new(3, 30)));
        Assert.True(schedule.IsPaused);
        await next.Client.Schedules.ResumeAsync("report").Soon();
        schedule = await WhenAsync(next, "report", schedule => !schedule.IsPaused);
        Assert.Equal(At(3).AddMinutes(30), schedule.NextAt);
    }

    [Theory, EveryStore]
    public async Task L17_FiveStartsInARowThatFail_PauseIt_AndASuccessInBetweenCountsAnew(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var engine = await StartAsync(store);
        await using var client = TestEngine.ClientOnly(store);
        // A process that does not have the workflow cannot know that its input is no text.
        await client.Client.Schedules.CreateAsync("report", Hourly, "job", 42).Soon();
        await ReadAsync(engine, "report");
        await FailAsync(4);
        await engine.Client.Schedules.UpdateAsync("report", Hourly, Job, "all").Soon();
        await WhenAsync(engine, "report", schedule => schedule.Input.ValueKind == System.Text.Json.JsonValueKind.String);
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        await WhenAsync(engine, "report", schedule => schedule is { Succeeded: 1, LastError: null });
        await client.Client.Schedules.UpdateAsync("report", Hourly, "job", 42).Soon();
        await WhenAsync(engine, "report", schedule => schedule.Input.ValueKind == System.Text.Json.JsonValueKind.Number);
        await FailAsync(5);
        var paused = await WhenAsync(engine, "report", schedule => schedule.IsPaused);
        Assert.Equal(("5 starts in a row have failed", 9L), (paused.PauseReason, paused.StartErrors));
        Assert.StartsWith(ErrorCodes.InputInvalid, paused.LastError, StringComparison.Ordinal);

        async Task FailAsync(int times)
        {
            var before = (await engine.Client.Schedules.GetAsync("report").Soon())!.StartErrors;
            for (var i = 1; i <= times; i++)
            {
                await engine.AdvanceAsync(TimeSpan.FromHours(1));
                await WhenAsync(engine, "report", schedule => schedule.StartErrors == before + i);
            }
        }
    }

    [Fact]
    public async Task L18_WhatCannotBeASchedule_IsRefusedAndNothingIsStored()
    {
        await using var engine = await StartAsync(StoreKind.Memory);
        Assert.Contains("the minute 61", Assert.Throws<InvalidOptionException>(() => ScheduleTimes.Cron("61 * * * *")).Message, StringComparison.Ordinal);
        Assert.Contains("never comes", Assert.Throws<InvalidOptionException>(() => ScheduleTimes.Cron("0 0 30 2 *")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOptionException>(() => ScheduleTimes.Every(TimeSpan.Zero));
        Assert.Throws<InvalidOptionException>(() => ScheduleTimes.Every(TimeSpan.FromMilliseconds(999)));
        Assert.Throws<InvalidOptionException>(() => ScheduleTimes.At());
        foreach (var options in new ScheduleOptions[] { new() { Zone = "Mars/Phobos" }, new() { Jitter = TimeSpan.FromDays(2) }, new() { StartAt = At(2), EndAt = At(1) }, new() { CatchUpLimit = 0 } })
            await Assert.ThrowsAsync<InvalidOptionException>(() => engine.Client.Schedules.CreateAsync("report", Hourly, Job, "all", options).Soon());
        await Assert.ThrowsAsync<InvalidOptionException>(() => engine.Client.Schedules.CreateAsync("_report", Hourly, Job, "all").Soon());
        await Assert.ThrowsAsync<InputValidationException>(() => engine.Client.Schedules.CreateAsync("report", Hourly, "job", 42).Soon());
        Assert.Empty(await engine.Client.Schedules.ListAsync().Soon());
        await Assert.ThrowsAsync<ScheduleNotFoundException>(() => engine.Client.Schedules.PauseAsync("report").Soon());
    }

    [Theory, EveryStore]
    public async Task L20_NothingStartsBeforeTheStartOrAtTheEnd_AndJitterDelaysWithoutRenaming(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        await engine.Client.Schedules.CreateAsync("report", Hourly, Job, "all", new() { StartAt = At(2), EndAt = At(5), Jitter = TimeSpan.FromSeconds(30) }).Soon();
        await ReadAsync(engine, "report");
        for (var hour = 1; hour <= 6; hour++)
        {
            await engine.AdvanceAsync(At(hour).AddSeconds(30) - engine.Clock.GetUtcNow());
            await WhenAsync(engine, "report", schedule => schedule.Succeeded == Math.Clamp(hour - 1, 0, 3));
        }
        var schedule = await WhenAsync(engine, "report", schedule => schedule is { NextAt: null, Succeeded: 3 });
        Assert.Equal(["02:00", "03:00", "04:00"], await RunsAsync(engine, "report"));
        // A slow machine adds to the jitter what its clock went on meanwhile.
        Assert.All(schedule.Recent, fire => Assert.InRange(fire.At - fire.Slot, TimeSpan.Zero, TimeSpan.FromSeconds(40)));
    }

    [Theory, EveryStore]
    public async Task Backfill_StartsEachTimeOfASpanThatHasNoRun(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        await engine.Client.Schedules.CreateAsync("report", Hourly, Job, "all").Soon();
        await ReadAsync(engine, "report");
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        await WhenAsync(engine, "report", schedule => schedule.Succeeded == 1);
        await engine.Client.Schedules.BackfillAsync("report", At(-2), At(2)).Soon();

        var schedule = await WhenAsync(engine, "report", schedule => schedule.Started == 4 && schedule.Live.Count == 0);
        Assert.Equal(["22:00", "23:00", "00:00", "01:00"], await RunsAsync(engine, "report"));
        Assert.Contains(schedule.Recent, fire => fire is { Outcome: ScheduleOutcome.Skipped, Reason: "duplicate" });
        await Assert.ThrowsAsync<InvalidOptionException>(() => engine.Client.Schedules.BackfillAsync("report", At(0), At(20_000)).Soon());
    }

    [Fact]
    public async Task Delete_EndsTheSchedule_AndItsNameMayBeUsedAgain()
    {
        await using var engine = await StartAsync(StoreKind.Memory);
        await engine.Client.Schedules.CreateAsync("report", Hourly, Job, "all").Soon();
        await ReadAsync(engine, "report");
        await Assert.ThrowsAsync<AlreadyExistsException>(() => engine.Client.Schedules.CreateAsync("report", Hourly, Job, "other").Soon());
        await engine.Client.Schedules.DeleteAsync("report").Soon();
        await Waiting.UntilAsync(async () => (await engine.Client.Schedules.ListAsync()).Count == 0);
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Empty(await RunsAsync(engine, "report"));

        await engine.Client.Schedules.CreateAsync("report", ScheduleTimes.At(At(9), At(8)), Job, "all").Soon();
        Assert.Equal(At(8), (await ReadAsync(engine, "report")).NextAt);
    }

    [Theory, EveryStore]
    public async Task Delete_WhileADueStartIsOnItsWayToTheStore_LetsItStartNothing(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var engine = await TestEngine.StartMortalAsync(store, AddJob);
        await engine.Client.Schedules.CreateAsync("report", ScheduleTimes.Cron("*/10 * * * * *"), Job, "all").Soon();
        var schedule = await ReadAsync(engine, "report");
        var deletions = 0;
        engine.Lifeline.Before = (call, arguments) =>
        {
            if (call != nameof(IPerdureStore.CommitGroupAsync) || !((RunGroup)arguments![0]!).Bundles.Any(static bundle => bundle.Children.Count > 0) || deletions++ > 0) return;
            // It is acknowledged before the group that bears the child is sent.
            Task.Run(() => engine.Client.Schedules.DeleteAsync("report")).Wait(TimeSpan.FromSeconds(60));
        };

        await engine.TrickleAsync(Waiting.UntilAsync(async () => await engine.Client.Handle(schedule.RunId).StatusAsync() == RunStatus.Cancelled));

        Assert.Equal(1, deletions);
        Assert.Empty(await RunsAsync(engine, "report"));
    }

    [Theory, EveryStore]
    public async Task K9_AScheduleGoesOnInNewRuns_AndForgetsNothing(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var engine = await TestEngine.StartAsync(store, AddJob, options => options.HistoryWarning = 20);
        await engine.Client.Schedules.CreateAsync("report", Hourly, Job, "all").Soon();
        var first = await ReadAsync(engine, "report");
        for (var hour = 1; hour <= 8; hour++)
        {
            await engine.AdvanceAsync(Max(At(hour) - engine.Clock.GetUtcNow()));
            await WhenAsync(engine, "report", schedule => schedule.Succeeded == hour);
        }
        var schedule = await WhenAsync(engine, "report", schedule => schedule.NextAt == At(9));
        Assert.NotEqual(first.RunId, schedule.RunId);
        Assert.Equal((8L, 0L), (schedule.Started, schedule.Skipped));
        await Assert.ThrowsAsync<AlreadyExistsException>(() => engine.Client.Schedules.CreateAsync("report", Hourly, Job, "all").Soon());
        await engine.Client.Schedules.PauseAsync("report", "enough").Soon();
        await WhenAsync(engine, "report", schedule => schedule.PauseReason == "enough");
    }

    [Fact]
    public async Task K9_AScheduleGoesOnInNewRuns_AlsoIfSomethingIsAlwaysLive()
    {
        using var store = new TestStore(StoreKind.Memory);
        await using var engine = await TestEngine.StartAsync(store, AddJob, options => options.HistoryWarning = 20);
        await CreateWaitingAsync(engine, ScheduleOverlap.AllowAll);
        var first = await ReadAsync(engine, "report");
        for (var hour = 1; hour <= 8; hour++)
        {
            await engine.AdvanceAsync(Max(At(hour) - engine.Clock.GetUtcNow()));
            await WhenAsync(engine, "report", schedule => schedule.Started == hour);
        }
        Assert.NotEqual(first.RunId, (await ReadAsync(engine, "report")).RunId);
        Assert.Equal(8, (await RunsAsync(engine, "report")).Length);
        Assert.Equal(RunStatus.Suspended, await engine.Client.Handle(IdOf("01:00")).StatusAsync());
    }

    [Fact]
    public async Task K9_AScheduleGoesOnInNewRuns_BetweenBufferedStarts()
    {
        using var store = new TestStore(StoreKind.Memory);
        await using var engine = await TestEngine.StartAsync(store, AddJob, options => options.HistoryWarning = 20);
        await CreateWaitingAsync(engine, ScheduleOverlap.BufferAll);
        var first = await ReadAsync(engine, "report");
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        await WhenAsync(engine, "report", schedule => schedule.Live.Count == 1);
        await engine.AdvanceAsync(TimeSpan.FromHours(7));
        for (var hour = 1; hour <= 8; hour++)
        {
            var slot = $"0{hour}:00";
            await WhenAsync(engine, "report", schedule => schedule.Live is [var live] && live.Contains(slot, StringComparison.Ordinal));
            await EndAsync(engine, slot);
        }
        var last = await WhenAsync(engine, "report", schedule => schedule.Succeeded == 8);
        Assert.NotEqual(first.RunId, last.RunId);
        Assert.Equal((8L, 0L), (last.Started, last.Skipped));
    }

    [Theory, EveryStore]
    public async Task AScheduleWhoseZoneTheWorkerDoesNotKnow_IsBlockedForThat_AndStartsNothingWrong(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        await engine.Client.Schedules.CreateAsync("report", Hourly, Job, "all").Soon();
        var schedule = await ReadAsync(engine, "report");
        // As a process would send it whose machine knows more zones than this one.
        var elsewhere = new ScheduleCommand
        {
            Verb = ScheduleVerb.Define,
            Definition = new() { Name = "report", Times = Hourly, Workflow = Job.Name, Version = 1, Input = JsonSerializer.SerializeToElement("all"), Options = new() { Zone = "Mars/Olympus" } },
        };
        await engine.Client.SignalAsync(schedule.RunId, ScheduleWorkflow.Commands, ScheduleJson.Write(elsewhere)).Soon();

        var run = engine.Client.Handle(schedule.RunId);
        await engine.TrickleAsync(run.BecomesAsync(RunStatus.Blocked));
        var info = await run.GetAsync();
        Assert.Equal("UnknownTimeZone", info.BlockedReason);
        Assert.Contains("Mars/Olympus", info.BlockedDetail, StringComparison.Ordinal);
        Assert.Contains("tzdata", (await run.ExplainAsync()).ToString(), StringComparison.Ordinal);
        var backfill = await Assert.ThrowsAnyAsync<PerdureException>(() => engine.Client.Schedules.CreateAsync("other", Hourly, Job, "all", new() { Zone = "Mars/Olympus" }).Soon());
        Assert.Equal(ErrorCodes.InvalidOption, backfill.Code);
    }

    [Fact]
    public void Next_OfTimes_IsAPreview()
    {
        Assert.Equal([At(1), At(2)], Hourly.Next(2, At(0)));
        Assert.Equal([At(9)], ScheduleTimes.At(At(9), At(8)).Next(5, At(8)));
        Assert.Equal([At(0).AddMinutes(10), At(0).AddMinutes(20)], ScheduleTimes.Every(TimeSpan.FromMinutes(10)).Next(2, At(0)));
        Assert.Equal([At(0).AddMinutes(5)], ScheduleTimes.Every(TimeSpan.FromMinutes(10), At(24).AddMinutes(5)).Next(1, At(0)));
        Assert.Equal([At(5)], ScheduleTimes.Weekly(DayOfWeek.Tuesday, new(6, 0)).Next(1, At(0), new() { Zone = "Europe/Berlin" }));
    }

    private static DateTimeOffset At(double hour) => new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(hour);

    /// <summary>Time has trickled; what is left, if anything.</summary>
    private static TimeSpan Max(TimeSpan left) => left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private static string IdOf(string time) => $"report@2030-01-01T{time}:00Z";

    private static Task<TestEngine> StartAsync(StoreKind store) => TestEngine.StartAsync(store, AddJob);

    private static Task<TestEngine> StartAsync(TestStore store, Action<IPerdureBuilder>? more = null) => TestEngine.StartAsync(store, builder =>
    {
        AddJob(builder);
        more?.Invoke(builder);
    });

    /// <summary>A job that ends by itself; told to wait, it ends when it is told to, and cleans up for as long as that if it is cancelled.</summary>
    private static void AddJob(IPerdureBuilder builder) => builder.AddWorkflow(Job, async (ctx, what) =>
    {
        try
        {
            if (what is "wait" or "clean up") await ctx.WaitForAsync(End);
        }
        catch (WorkflowCancelledException) when (what == "clean up")
        {
            await ctx.ShieldAsync(() => ctx.WaitForAsync(End));
            throw;
        }
        return what;
    });

    private static async Task CreateWaitingAsync(TestEngine engine, ScheduleOverlap overlap, string input = "wait")
    {
        await engine.Client.Schedules.CreateAsync("report", Hourly, Job, input, new() { Overlap = overlap }).Soon();
        await ReadAsync(engine, "report");
    }

    /// <summary>Until a run waits: one that is cancelled before its code is entered has nothing to clean up.</summary>
    private static Task WaitingAsync(TestEngine engine, string time) =>
        UntilAsync(engine, async () => await engine.Client.Handle(IdOf(time)).StatusAsync() == RunStatus.Suspended);

    private static Task EndAsync(TestEngine engine, string time) => engine.Client.Handle(IdOf(time)).SignalAsync(End, "").Soon();

    private static Task<ScheduleInfo> ReadAsync(TestEngine engine, string name) => WhenAsync(engine, name, static _ => true);

    private static async Task<ScheduleInfo> WhenAsync(TestEngine engine, string name, Func<ScheduleInfo, bool> condition)
    {
        ScheduleInfo? schedule = null;
        await UntilAsync(engine, async () => (schedule = await engine.Client.Schedules.GetAsync(name)) is not null && condition(schedule));
        return schedule!;
    }

    /// <summary>
    /// A loop of the worker that read the clock just before the test moved it is late by that much, so time trickles meanwhile; a little faster after a while, because a worker
    /// that seemed dead for an hour leaves runs that wait some seconds before they are offered again.
    /// </summary>
    private static Task UntilAsync(TestEngine engine, Func<Task<bool>> condition)
    {
        var looks = 0;
        return Waiting.UntilAsync(() =>
        {
            engine.Clock.Advance(TimeSpan.FromMilliseconds(looks < 200 ? 1 : 5));
            if (++looks % 20 == 0) engine.Store.Wakeups.Wake();
            return condition();
        });
    }

    /// <summary>Times of all runs that a schedule has started, in their order.</summary>
    private static async Task<string[]> RunsAsync(TestEngine engine, string name)
    {
        var runs = await engine.Client.ListAsync(new() { Workflow = "job", Tags = new Dictionary<string, string?> { ["schedule"] = name } }).Soon();
        return [.. runs.Runs.Select(static run => run.Id.Split('@')[1]).Order(StringComparer.Ordinal).Select(static slot => slot[11..16])];
    }
}
