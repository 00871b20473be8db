using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Registering, renewing, dying, retiring.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task RegisterWorker_EveryProcess_GetsARisingKeyAndTheClock()
    {
        var first = await Store.RegisterWorkerAsync(new(Guid.NewGuid(), "a", 1, Lease), Make.Never);
        var second = await (await OpenAnotherAsync()).RegisterWorkerAsync(new(Guid.NewGuid(), "a", 1, Lease), Make.Never);

        Assert.True(first.Worker > 0);
        Assert.True(second.Worker > first.Worker);
        Assert.Equal((Now, Now), (first.Now, second.Now));
    }

    [Fact]
    public async Task RegisterWorker_SameIdAgain_AnswersTheSameWorker()
    {
        var registration = new WorkerRegistration(Guid.NewGuid(), "a", 1, Lease);
        var first = await Store.RegisterWorkerAsync(registration, Make.Never);
        var again = await Store.RegisterWorkerAsync(registration, Make.Never);

        Assert.Equal(first.Worker, again.Worker);
    }

    [Fact]
    public async Task Renew_BeforeTheLeaseEnds_KeepsTheWorkerAlive()
    {
        var worker = await RegisterAsync();
        for (var i = 0; i < 4; i++)
        {
            Pass(6);
            Assert.Equal(new LeaseGrant(true, Now), await Store.RenewAsync(worker.Key, Make.Never));
            Assert.Equal(new FenceReport(0, 0, 0), await FenceAsync());
        }
    }

    [Fact]
    public async Task Renew_LateButBeforeAnybodyMarkedIt_KeepsTheWorkerAlive()
    {
        var worker = await RegisterAsync();
        Pass(60);

        Assert.True((await Store.RenewAsync(worker.Key, Make.Never)).Alive);
        Assert.Equal(0, (await FenceAsync()).WorkersMarked);
    }

    [Fact]
    public async Task Renew_MarkedOrUnknownWorker_AnswersDead()
    {
        var worker = await RegisterAsync();
        await KillAllAsync();

        Assert.False((await Store.RenewAsync(worker.Key, Make.Never)).Alive);
        Assert.False((await Store.RenewAsync(worker.Key + 100, Make.Never)).Alive);
    }

    [Fact]
    public async Task FenceDeadWorkers_AtTheEndOfTheLease_WaitsForTheNextMicrosecond()
    {
        await RegisterAsync();
        Pass(Lease.TotalSeconds);
        Assert.Equal(0, (await FenceAsync()).WorkersMarked);

        _clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Equal(1, (await FenceAsync()).WorkersMarked);
        Assert.Equal(0, (await FenceAsync()).WorkersMarked);
    }

    [Fact]
    public async Task FenceDeadWorkers_RunningRun_CountsALossAndIsDueAtOnce()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), due: Instant.Never));
        await KillAllAsync();

        var row = await ReadAsync(run.Run);
        Assert.Equal((0L, RunStatus.Running, 1, 1), (row.Owner, row.Status, row.Crashes, row.Losses));
        Assert.True(row.DueAt <= Now);
        Assert.Equal(2, (await (await RegisterAsync()).ClaimOneAsync()).Term);
    }

    [Fact]
    public async Task FenceDeadWorkers_RunThatIsLostAgainAndAgain_WaitsLongerEachTimeUntilTheLast()
    {
        double[] waits = [0, 0.5, 1, 2, 4, 8, 8, 8, 0];
        var due = In(-5);
        var key = await NewKeyAsync();
        await StartAsync(Make.Birth(key, due: due) with { MaxCrashes = waits.Length });
        for (var loss = 1; loss <= waits.Length; loss++)
        {
            await (await RegisterAsync()).ClaimOneAsync();
            await KillAllAsync();
            var row = await ReadAsync(key);
            due = waits[loss - 1] == 0 ? due : In(waits[loss - 1]);
            Assert.Equal((loss, due), (row.Crashes, row.DueAt));
            if (waits[loss - 1] == 0) continue;
            Pass(waits[loss - 1] - 0.001);
            Assert.Equal((0, due), await ClaimNothingAsync());
            Pass(0.001);
        }

        async Task<(int Runs, Instant Next)> ClaimNothingAsync()
        {
            var claimed = await (await RegisterAsync()).ClaimRunsAsync();
            return (claimed.Runs.Count, claimed.NextDue);
        }
    }

    [Fact]
    public async Task FenceDeadWorkers_RunThatIsOverdue_KeepsItsPlaceInTheQueue()
    {
        var worker = await RegisterAsync();
        var due = In(-5);
        var run = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), due: due));
        await KillAllAsync();

        Assert.Equal(due, (await ReadAsync(run.Run)).DueAt);
    }

    [Theory]
    [InlineData(RunStatus.Suspended)]
    [InlineData(RunStatus.Paused)]
    [InlineData(RunStatus.Blocked)]
    public async Task FenceDeadWorkers_RunThatIsNotRunning_KeepsItsDueInstantAndCountsNothing(RunStatus status)
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var due = In(3600);
        await worker.WriteAsync(run.Bundle(row: Holding.Row(status, due)));
        await KillAllAsync();

        var row = await ReadAsync(run.Run);
        Assert.Equal((0L, status, 0, 0, due), (row.Owner, row.Status, row.Crashes, row.Losses, row.DueAt));
    }

    [Fact]
    public async Task FenceDeadWorkers_FreedTask_IsDueAtOnceAndItsAttemptIsUsedUp()
    {
        var worker = await RegisterAsync();
        await StartWithTasksAsync(worker, Make.Task(4, due: In(-1)));
        Assert.Equal(1, Assert.Single((await worker.ClaimTasksAsync()).Tasks).Number);
        Pass(Lease.TotalSeconds + 1);
        var report = await FenceAsync();

        Assert.Equal((1, 1, 1), (report.WorkersMarked, report.RunsFreed, report.TasksFreed));
        var again = Assert.Single((await (await RegisterAsync()).ClaimTasksAsync()).Tasks);
        Assert.Equal((2, 2, 1), (again.Attempt.Token, again.Number, again.Crashes));
    }

    [Fact]
    public async Task FenceDeadWorkers_TaskThatIsLostAgainAndAgain_WaitsLongerEachTime()
    {
        double[] waits = [0, 0.5, 1, 2, 4, 8, 8];
        await StartWithTasksAsync(await RegisterAsync(), Make.Task(1, due: In(-5)));
        for (var loss = 1; loss <= waits.Length; loss++)
        {
            var taken = Assert.Single((await (await RegisterAsync()).ClaimTasksAsync()).Tasks);
            Assert.Equal((loss, loss - 1), (taken.Attempt.Token, taken.Crashes));
            await KillAllAsync();
            if (waits[loss - 1] == 0) continue;
            var due = In(waits[loss - 1]);
            Pass(waits[loss - 1] - 0.001);
            var early = await (await RegisterAsync()).ClaimTasksAsync();
            Assert.Equal((0, due), (early.Tasks.Count, early.NextDue));
            Pass(0.001);
        }
    }

    [Fact]
    public async Task RetireWorker_TaskThatHasLostWorkersBefore_IsDueAtOnce()
    {
        await StartWithTasksAsync(await RegisterAsync(), Make.Task(1));
        for (var loss = 1; loss <= 3; loss++)
        {
            Assert.Single((await (await RegisterAsync()).ClaimTasksAsync()).Tasks);
            await KillAllAsync();
            Pass(8);
        }
        var stopping = await RegisterAsync();
        Assert.Equal(3, Assert.Single((await stopping.ClaimTasksAsync()).Tasks).Crashes);
        await Store.RetireWorkerAsync(stopping.Key, Make.Never);

        Assert.Equal(3, Assert.Single((await (await RegisterAsync()).ClaimTasksAsync()).Tasks).Crashes);
    }

    [Fact]
    public async Task FenceDeadWorkers_SmallBatches_FreeEverythingOverSeveralCalls()
    {
        foreach (var worker in new[] { await RegisterAsync(), await RegisterAsync() })
        {
            for (var i = 0; i < 3; i++) await StartWithTasksAsync(worker, Make.Task(1, claimed: true));
        }
        Pass(Lease.TotalSeconds + 1);

        var reports = new List<FenceReport>();
        do reports.Add(await FenceAsync(batch: 5));
        while (reports[^1].RunsFreed + reports[^1].TasksFreed > 0);

        Assert.Equal([5, 5, 2, 0], reports.Select(report => report.RunsFreed + report.TasksFreed));
        Assert.Equal([2, 0, 0, 0], reports.Select(report => report.WorkersMarked));
        Assert.Equal((6, 6), (reports.Sum(report => report.RunsFreed), reports.Sum(report => report.TasksFreed)));
    }

    [Fact]
    public async Task FenceDeadWorkers_WhileOthersLive_TouchesOnlyTheDead()
    {
        var dead = await RegisterAsync();
        var lost = await StartOwnedAsync(dead);
        Pass(6);
        var alive = await RegisterAsync();
        var kept = await StartOwnedAsync(alive);
        Pass(6);

        Assert.Equal(new FenceReport(1, 1, 0), await FenceAsync());
        Assert.Equal((0L, alive.Key), ((await ReadAsync(lost.Run)).Owner, (await ReadAsync(kept.Run)).Owner));
        Assert.Equal(GroupVerdict.Committed, (await alive.CommitAsync(kept.Append())).Verdict);
    }

    [Fact]
    public async Task FenceDeadWorkers_ADayAfterADeath_ForgetsTheWorker()
    {
        var registration = new WorkerRegistration(Guid.NewGuid(), "test", 1, Lease);
        var key = (await Store.RegisterWorkerAsync(registration, Make.Never)).Worker;
        var worker = new TestWorker(Store, key);
        var run = await StartOwnedAsync(worker);
        await KillAllAsync();
        Pass(23 * 3600);
        await FenceAsync();
        // A worker that was frozen for long still learns what became of its last group.
        Assert.True(await Store.ResolveAsync(key, 1, 1, Make.Never));
        Assert.Equal(key, (await Store.RegisterWorkerAsync(registration, Make.Never)).Worker);

        Pass(2 * 3600);
        await FenceAsync();
        Assert.False(await Store.ResolveAsync(key, 1, 1, Make.Never));
        Assert.False((await Store.RenewAsync(key, Make.Never)).Alive);
        Assert.True((await Store.RegisterWorkerAsync(registration, Make.Never)).Worker > key);
        Assert.Equal(run.Run, (await (await RegisterAsync()).ClaimOneAsync()).Run);
    }

    [Fact]
    public async Task RetireWorker_WithRunsAndTasks_FreesThemWithoutALoss()
    {
        var worker = await RegisterAsync();
        var running = await StartOwnedAsync(worker);
        var waiting = await StartWithTasksAsync(worker, Make.Task(1, used: 2));
        Assert.Equal(3, Assert.Single((await worker.ClaimTasksAsync()).Tasks).Number);
        await Store.RetireWorkerAsync(worker.Key, Make.Never);

        var first = await ReadAsync(running.Run);
        Assert.Equal((0L, 0, 0, RunStatus.Running), (first.Owner, first.Crashes, first.Losses, first.Status));
        Assert.True(first.DueAt <= Now);
        var second = await ReadAsync(waiting.Run);
        Assert.Equal((0L, 0, Instant.Never), (second.Owner, second.Crashes, second.DueAt));
        var task = Assert.Single((await (await RegisterAsync()).ClaimTasksAsync()).Tasks);
        Assert.Equal((2, 3, 0), (task.Attempt.Token, task.Number, task.Crashes));
        Assert.Equal(new FenceReport(0, 0, 0), await FenceAsync());
    }

    [Fact]
    public async Task RetireWorker_Afterwards_NoWriteOfItCommits()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await Store.RetireWorkerAsync(worker.Key, Make.Never);
        await Store.RetireWorkerAsync(worker.Key, Make.Never);

        Assert.False((await Store.RenewAsync(worker.Key, Make.Never)).Alive);
        Assert.Equal(GroupVerdict.Fenced, (await worker.CommitAsync(run.Append())).Verdict);
        Assert.True((await worker.ClaimRunsAsync()).Fenced);
    }

    [Fact]
    public async Task ReserveKeys_FromSeveralHandles_HandsOutEachKeyOnce()
    {
        var other = await OpenAnotherAsync();
        var keys = new HashSet<long>();
        for (var i = 0; i < 5; i++)
        {
            foreach (var store in new[] { Store, other })
            {
                var block = await store.ReserveKeysAsync(i + 1, Make.Never);
                Assert.Equal((i + 1, Now), (block.Count, block.Now));
                for (var key = block.First; key < block.First + block.Count; key++) Assert.True(keys.Add(key));
            }
        }
        Assert.Equal(30, keys.Count);
        Assert.All(keys, key => Assert.True(key > 0));
    }
}
