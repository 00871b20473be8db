using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>What holds the work of queues back: pauses, limits, keys, age, expiry.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task ChangeQueue_PartOfTheRule_LeavesTheRestAndIsListed()
    {
        Assert.Empty(await Store.ListQueuesAsync(null, Make.Never));
        var limited = await Store.ChangeQueueAsync(new("slow") { MaxConcurrency = 4, AgeAfter = TimeSpan.FromMinutes(2) }, Make.Never);
        Assert.Equal(new QueueRecord("slow", new(false, 4, 0, TimeSpan.FromMinutes(2)), QueueLoad.None) { Revision = 1 }, limited);
        var paused = await Store.ChangeQueueAsync(new("slow") { Paused = true, MaxPerKey = 2 }, Make.Never);
        Assert.Equal(new QueueRule(true, 4, 2, TimeSpan.FromMinutes(2)), paused.Rule);
        await Store.ChangeQueueAsync(new("Äpfel, 'rot'") { Paused = true }, Make.Never);

        var other = await OpenAnotherAsync();
        Assert.Equal(["slow", "Äpfel, 'rot'"], (await other.ListQueuesAsync(null, Make.Never)).Select(queue => queue.Name));
        Assert.Equal(paused with { Revision = 0 }, Assert.Single(await other.ListQueuesAsync("slow", Make.Never)));

        var free = await Store.ChangeQueueAsync(new("slow") { Paused = false, MaxConcurrency = 0, MaxPerKey = 0, AgeAfter = TimeSpan.Zero }, Make.Never);
        Assert.Equal(QueueRule.None, free.Rule);
        Assert.Empty(await Store.ListQueuesAsync("slow", Make.Never));
    }

    [Fact]
    public async Task ChangeQueue_BehindAnotherRevision_ChangesNothing()
    {
        var first = await Store.ChangeQueueAsync(new("slow") { Paused = true, After = 0 }, Make.Never);
        Assert.Equal((1, true), (first.Revision, first.Rule.Paused));
        var second = await Store.ChangeQueueAsync(new("slow") { Paused = false, After = 1 }, Make.Never);
        Assert.Equal((2, false), (second.Revision, second.Rule.Paused));
        // A late copy of the first.
        var late = await Store.ChangeQueueAsync(new("slow") { Paused = true, After = 0 }, Make.Never);
        Assert.Equal((2, false), (late.Revision, late.Rule.Paused));
        Assert.Empty(await Store.ListQueuesAsync(null, Make.Never));
        Assert.Equal((3, 5), (await Store.ChangeQueueAsync(new("other") { MaxPerKey = 5 }, Make.Never)) is var any ? (any.Revision, any.Rule.MaxPerKey) : default);
    }

    [Fact]
    public async Task ListQueues_WaitingAndHeldWork_IsCounted()
    {
        var worker = await RegisterAsync();
        await StartWithTasksAsync(worker, Make.Task(1, due: In(-4)), Make.Task(2, claimed: true), Make.Task(3, due: In(5)));
        await StartAsync(queue: "mail", due: In(-9));
        await StartAsync(queue: "mail", due: In(9));
        await StartAsync(queue: "later", due: In(9));

        var queues = await Store.ListQueuesAsync(null, Make.Never);
        Assert.Equal(new QueueLoad(1, 1, 0, 1, In(-9)), Assert.Single(queues, queue => queue.Name == "mail").Load);
        Assert.Equal(new QueueLoad(0, 0, 1, 0, Instant.Never), Assert.Single(queues, queue => queue.Name == "default").Load);
        Assert.Equal(QueueLoad.None, (await Store.ChangeQueueAsync(new("later"), Make.Never)).Load);
    }

    [Fact]
    public async Task G16_PausedQueue_GivesNothingUntilItIsResumed()
    {
        var worker = await RegisterAsync();
        await Store.ChangeQueueAsync(new("mail") { Paused = true }, Make.Never);
        var free = await StartAsync(due: In(-1));
        var held = await StartAsync(queue: "mail", due: In(-1));
        var run = await StartWithTasksAsync(worker, Make.Task(1));

        var claimed = await worker.ClaimRunsAsync("default", "mail");
        Assert.Equal((free, Instant.Never), (Assert.Single(claimed.Runs).Row.Key, claimed.NextDue));
        var tasks = await worker.ClaimTasksAsync();
        Assert.Equal((0, Instant.Never), (tasks.Tasks.Count, tasks.NextDue));

        await Store.ChangeQueueAsync(new("mail") { Paused = false }, Make.Never);
        Assert.Equal(held, Assert.Single((await worker.ClaimRunsAsync("default", "mail")).Runs).Row.Key);
        Assert.Equal(run.Run, Assert.Single((await worker.ClaimTasksAsync()).Tasks).Attempt.Run);
    }

    [Fact]
    public async Task ClaimRuns_LimitedQueue_GivesAsManyAsTheLimitOverAllWorkers()
    {
        await Store.ChangeQueueAsync(new("default") { MaxConcurrency = 3 }, Make.Never);
        var (first, second) = (await RegisterAsync(), await RegisterAsync(await OpenAnotherAsync()));
        var runs = new List<long>();
        for (var i = 0; i < 6; i++) runs.Add(await StartAsync(due: In(i - 10)));

        var two = await first.ClaimRunsAsync(limit: 2, suspects: 1);
        Assert.All(two.Runs, run => Assert.True(run.Row.HoldsSlot));
        Assert.Equal(In(-8), two.NextDue);
        var one = await second.ClaimRunsAsync();
        Assert.Equal(runs[2], Assert.Single(one.Runs).Row.Key);
        // A limit holds back what is left: it is asked for again soon, for a slot may become free in silence.
        Assert.Equal(In(1), one.NextDue);
        Assert.Empty((await first.ClaimRunsAsync()).Runs);

        // One is closed, one given back to sleep: two slots are free.
        await CloseAsync(first, Holding.Of(two.Runs[0]));
        await first.WriteAsync(Holding.Of(two.Runs[1]).Release(RunStatus.Suspended, In(60)));
        Assert.False((await ReadAsync(runs[1])).HoldsSlot);
        Assert.Equal(runs[3..5], (await second.ClaimRunsAsync()).Runs.Select(run => run.Row.Key));
        Assert.Equal(new QueueLoad(1, 0, 3, 0, In(-5)), Assert.Single(await Store.ListQueuesAsync("default", Make.Never)).Load);
    }

    [Fact]
    public async Task ClaimTasks_LimitedQueue_CountsRunsAndTasksTogether()
    {
        var worker = await RegisterAsync();
        await Store.ChangeQueueAsync(new("mail") { MaxConcurrency = 2 }, Make.Never);
        await StartWithTasksAsync(worker, Make.Task(1), Make.Task(2), Make.Task(3));
        var run = await StartAsync(queue: "mail");
        Assert.Single((await worker.ClaimRunsAsync("mail")).Runs);

        var claim = await worker.ClaimTasksAsync();
        var task = Assert.Single(claim.Tasks);
        Assert.Equal((true, In(1)), (task.HoldsSlot, claim.NextDue));
        Assert.Empty((await worker.ClaimTasksAsync()).Tasks);
        Assert.Equal([true], (await worker.CompleteAsync(Make.Completion(task.Attempt))).Accepted);
        Assert.Equal(2, Assert.Single((await worker.ClaimTasksAsync()).Tasks).Attempt.Operation);
        await CloseAsync(worker, Holding.Of(new(await ReadAsync(run), [], [])));
        Assert.Equal(3, Assert.Single((await worker.ClaimTasksAsync()).Tasks).Attempt.Operation);
    }

    [Fact]
    public async Task M17_KeyLimit_NeverMoreThanTwoOfAKeyAndTheSlotsOfADeadWorkerComeBack()
    {
        await Store.ChangeQueueAsync(new("default") { MaxPerKey = 2 }, Make.Never);
        TestWorker[] workers = [await RegisterAsync(), await RegisterAsync(), await RegisterAsync()];
        var keys = (await Store.ReserveKeysAsync(7, Make.Never)).First;
        for (var i = 0; i < 7; i++)
            await StartAsync(Make.Birth(keys + i, due: In(i - 50)) with { ConcurrencyKey = i switch { < 4 => "a", < 6 => "b\0", _ => null } });

        // Full keys are passed over, whatever stands in front.
        Assert.Equal([keys, keys + 1, keys + 4, keys + 5], (await workers[0].ClaimRunsAsync(limit: 4, suspects: 1)).Runs.Select(run => run.Row.Key));
        Assert.Equal(keys + 6, Assert.Single((await workers[1].ClaimRunsAsync()).Runs).Row.Key);
        Assert.Equal((0, In(1)), (await workers[2].ClaimRunsAsync()) is var none ? (none.Runs.Count, none.NextDue) : default);
        Assert.Equal("b\0", (await ReadAsync(keys + 4)).ConcurrencyKey);

        Pass(Lease.TotalSeconds + 1);
        Assert.True((await Store.RenewAsync(workers[2].Key, Make.Never)).Alive);
        Assert.Equal(5, (await FenceAsync()).RunsFreed);
        Assert.False((await Store.RenewAsync(workers[0].Key, Make.Never)).Alive);
        Assert.Equal([keys, keys + 1, keys + 4, keys + 5, keys + 6], (await workers[2].ClaimRunsAsync()).Runs.Select(run => run.Row.Key));
    }

    [Fact]
    public async Task ClaimTasks_KeyLimit_PassesOverFullKeys()
    {
        var worker = await RegisterAsync();
        await Store.ChangeQueueAsync(new("mail") { MaxPerKey = 1 }, Make.Never);
        await StartWithTasksAsync(worker, Make.Task(1) with { ConcurrencyKey = "a" }, Make.Task(2) with { ConcurrencyKey = "a" }, Make.Task(3) with { ConcurrencyKey = "b" }, Make.Task(4));

        var claim = await worker.ClaimTasksAsync();
        Assert.Equal([1, 3, 4], claim.Tasks.Select(task => task.Attempt.Operation));
        await worker.CompleteAsync(Make.Completion(claim.Tasks[0].Attempt));
        Assert.Equal(2, Assert.Single((await worker.ClaimTasksAsync()).Tasks).Attempt.Operation);
    }

    [Fact]
    public async Task ChangeQueue_WorkIsHeldAlready_ItCounts()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), queue: "mail"));
        await worker.WriteAsync(run.Bundle(events: 1, newTasks: [Make.Task(1, claimed: true), Make.Task(2), Make.Task(3)], row: Holding.Row(RunStatus.Running, Now)));
        await Store.ChangeQueueAsync(new("mail") { MaxConcurrency = 3 }, Make.Never);

        Assert.True((await ReadAsync(run.Run)).HoldsSlot);
        Assert.Single((await worker.ClaimTasksAsync()).Tasks);
        // More than the limit is worked on to its end; nothing is taken until there is room.
        await Store.ChangeQueueAsync(new("mail") { MaxConcurrency = 1 }, Make.Never);
        await worker.CompleteAsync(Make.Completion(new(run.Run, 1, 1)));
        Assert.Empty((await worker.ClaimTasksAsync()).Tasks);
        await Store.ChangeQueueAsync(new("mail") { MaxConcurrency = 0 }, Make.Never);
        Assert.Single((await worker.ClaimTasksAsync()).Tasks);
    }

    [Fact]
    public async Task CommitGroup_TakesWorkOfAHeldQueueAtOnce_IsRefusedAndChangesNothing()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await Store.ChangeQueueAsync(new("mail") { Paused = true }, Make.Never);
        await Store.ChangeQueueAsync(new("slow") { MaxPerKey = 1 }, Make.Never);
        await Store.ChangeQueueAsync(new("aged") { AgeAfter = TimeSpan.FromSeconds(1) }, Make.Never);
        var keys = (await Store.ReserveKeysAsync(3, Make.Never)).First;

        var outcome = await worker.CommitAsync(
            run.Bundle(events: 1, newTasks: [Make.Task(1, claimed: true)]), Some.Owned(Make.Birth(keys, queue: "slow")), Some.Owned(Make.Birth(keys + 1, queue: "aged")));
        Assert.Equal(GroupVerdict.Refused, outcome.Verdict);
        Assert.Equal([new(run.Run, RefusalReason.QueueHeld), new(keys, RefusalReason.QueueHeld)], outcome.Refusals.OrderBy(refusal => refusal.Run));
        Assert.Null(await Store.ReadRunAsync(new(Key: keys + 1), Make.Never));

        // What is only put on the queue, or belongs to nobody, is no claim.
        outcome = await worker.CommitAsync(
            run.Bundle(events: 1, newTasks: [Make.Task(1)]), new() { Run = keys, Birth = Make.Birth(keys, queue: "slow") }, Some.Owned(Make.Birth(keys + 1, queue: "aged")));
        Assert.Equal(GroupVerdict.Committed, outcome.Verdict);
    }

    [Fact]
    public async Task ClaimRuns_AgeingQueue_WhatWaitsLongOvertakesWhatIsUrgent()
    {
        var worker = await RegisterAsync();
        await Store.ChangeQueueAsync(new("default") { AgeAfter = TimeSpan.FromMinutes(1) }, Make.Never);
        var old = await StartAsync(priority: 0, due: In(-600));
        var urgent = await StartAsync(priority: 9, due: In(-10));
        var older = await StartAsync(priority: -2, due: In(-601));
        var equal = await StartAsync(priority: 10, due: In(-1));

        // By then they have 10, 9, 8 and 10 points: of two equals, who waits longer.
        Assert.Equal(old, Assert.Single((await worker.ClaimRunsAsync(limit: 1, suspects: 1)).Runs).Row.Key);
        Assert.Equal(equal, Assert.Single((await worker.ClaimRunsAsync(limit: 1, suspects: 1)).Runs).Row.Key);
        Assert.Equal(urgent, Assert.Single((await worker.ClaimRunsAsync(limit: 1, suspects: 1)).Runs).Row.Key);
        Assert.Equal(older, Assert.Single((await worker.ClaimRunsAsync(limit: 1, suspects: 1)).Runs).Row.Key);
    }

    [Fact]
    public async Task ClaimTasks_AgeingQueue_WhatWaitsLongOvertakesWhatIsUrgent()
    {
        var worker = await RegisterAsync();
        await Store.ChangeQueueAsync(new("mail") { AgeAfter = TimeSpan.FromMinutes(1) }, Make.Never);
        await StartWithTasksAsync(worker, Make.Task(1, due: In(-300)), Make.Task(2, priority: 4, due: In(-30)), Make.Task(3, priority: 6, due: In(-3)));

        Assert.Equal(3, Assert.Single((await worker.ClaimTasksAsync(free: 1)).Tasks).Attempt.Operation);
        Assert.Equal(1, Assert.Single((await worker.ClaimTasksAsync(free: 1)).Tasks).Attempt.Operation);
        Assert.Equal(2, Assert.Single((await worker.ClaimTasksAsync(free: 1)).Tasks).Attempt.Operation);
    }

    [Fact]
    public async Task ClaimRuns_StartDeadlinePassed_ComesFromAnyQueuePendingAndWithoutASlot()
    {
        var worker = await RegisterAsync();
        await Store.ChangeQueueAsync(new("slow") { Paused = true, MaxConcurrency = 1 }, Make.Never);
        var late = await NewKeyAsync();
        await StartAsync(Make.Birth(late, queue: "slow", due: In(-1)) with { StartDeadline = In(5) });
        var early = await worker.ClaimRunsAsync();
        Assert.Equal((0, In(5)), (early.Runs.Count, early.NextDue));

        Pass(5);
        var claimed = Assert.Single((await worker.ClaimRunsAsync()).Runs);
        Assert.Equal((late, RunStatus.Pending, false, worker.Key), (claimed.Row.Key, claimed.Row.Status, claimed.Row.HoldsSlot, claimed.Row.Owner));
        // It is no loss if its worker dies before it has ended it: the next one finds it in the same state.
        await KillAllAsync();
        var row = await ReadAsync(late);
        Assert.Equal((RunStatus.Pending, 0, 0), (row.Status, row.Crashes, row.Losses));
        var next = await RegisterAsync();
        await CloseAsync(next, await next.ClaimOneAsync(), RunStatus.TimedOut);

        // Reopened by an operator, it has its chance once more.
        await Store.ChangeQueueAsync(new("slow") { Paused = false }, Make.Never);
        await Store.ReopenRunAsync(Make.Message(late, "again", MessageKind.Reopen), Make.Never);
        Assert.Equal(RunStatus.Running, Assert.Single((await next.ClaimRunsAsync("slow")).Runs).Row.Status);
    }

    [Fact]
    public async Task ClaimRuns_TakenInTime_DoesNotExpireLater()
    {
        var worker = await RegisterAsync();
        var run = await NewKeyAsync();
        await StartAsync(Make.Birth(run) with { StartDeadline = In(2) });
        var held = await worker.ClaimOneAsync();
        await worker.WriteAsync(held.Release(RunStatus.Suspended, In(30)));
        Pass(5);
        var claim = await worker.ClaimRunsAsync();
        Assert.Equal((0, In(25)), (claim.Runs.Count, claim.NextDue));
    }

    [Theory]
    [InlineData(MessageKind.Cancel)]
    [InlineData(MessageKind.Terminate)]
    public async Task Post_OrderToStopForARunThatNobodyTook_LetsItBeTakenPastItsQueue(MessageKind kind)
    {
        var worker = await RegisterAsync();
        await Store.ChangeQueueAsync(new("slow") { Paused = true }, Make.Never);
        var run = await StartAsync(queue: "slow");
        await PostAsync(Make.Message(run, "go"));
        Assert.Empty((await worker.ClaimRunsAsync("slow")).Runs);
        await PostAsync(Make.Message(run, "stop", kind));
        var claimed = Assert.Single((await worker.ClaimRunsAsync()).Runs);
        Assert.Equal((run, RunStatus.Pending, 2), (claimed.Row.Key, claimed.Row.Status, claimed.Messages.Count));

        // One that was taken once has something to clean up, and waits for its queue.
        var begun = await StartOwnedAsync(worker);
        await worker.WriteAsync(begun.Release(RunStatus.Suspended, In(60)));
        await Store.ChangeQueueAsync(new("default") { Paused = true }, Make.Never);
        await PostAsync(Make.Message(begun.Run, "stop", kind));
        Assert.Empty((await worker.ClaimRunsAsync()).Runs);
    }

    [Fact]
    public async Task I17_ManyClaimersOfALimitedQueue_NeverHoldMoreThanTheLimit()
    {
        const int limit = 3;
        IPerdureStore[] stores = [Store, await OpenAnotherAsync(), await OpenAnotherAsync()];
        await Store.ChangeQueueAsync(new("mail") { MaxConcurrency = limit, MaxPerKey = 2 }, Make.Never);
        var owner = await RegisterAsync();
        await StartWithTasksAsync(owner, [.. Enumerable.Range(0, 30).Select(i => Make.Task(i) with { ConcurrencyKey = i % 3 == 0 ? "a" : $"k{i}" })]);
        var keys = (await Store.ReserveKeysAsync(30, Make.Never)).First;
        await Store.StartRunsAsync([.. Enumerable.Range(0, 30).Select(i => Make.Birth(keys + i, queue: "mail") with { ConcurrencyKey = i % 2 == 0 ? "a" : null })], Make.Never);
        var (held, ofKey, most, mostOfKey) = (0, 0, 0, 0);

        var done = await InParallel(6, async i =>
        {
            var worker = await RegisterAsync(stores[i % stores.Length]);
            var count = 0;
            for (var idle = 0; idle < 400 && Volatile.Read(ref most) >= 0;)
            {
                var runs = (await worker.ClaimRunsAsync(limit: 2, suspects: 1, "mail")).Runs;
                var tasks = (await worker.ClaimTasksAsync(free: 2)).Tasks;
                var inKey = runs.Count(run => run.Row.ConcurrencyKey == "a") + tasks.Count(task => task.Attempt.Operation % 3 == 0);
                Raise(ref most, Interlocked.Add(ref held, runs.Count + tasks.Count));
                Raise(ref mostOfKey, Interlocked.Add(ref ofKey, inKey));
                if (runs.Count + tasks.Count == 0)
                {
                    idle++;
                    await Task.Yield();
                    continue;
                }
                idle = 0;
                count += runs.Count + tasks.Count;
                Interlocked.Add(ref ofKey, -inKey);
                Interlocked.Add(ref held, -(runs.Count + tasks.Count));
                foreach (var run in runs) await CloseAsync(worker, Holding.Of(run));
                if (tasks.Count > 0) await worker.CompleteAsync([.. tasks.Select(task => Make.Completion(task.Attempt))]);
            }
            return count;
        });

        Assert.InRange(most, 1, limit);
        Assert.InRange(mostOfKey, 1, 2);
        Assert.Equal(60, done.Sum());
    }

    private static void Raise(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most)) Interlocked.CompareExchange(ref most, value, seen);
    }
}
