using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Bundles that do not fit the rows: the group is refused, all culprits are named, nothing is written.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task Refusal_WrongTermOrOwner_IsNotOwned()
    {
        var (worker, other) = (await RegisterAsync(), await RegisterAsync());
        var run = await StartOwnedAsync(worker);
        var row = Holding.Row(RunStatus.Running, Now);

        await AssertRefusedAsync(worker, RefusalReason.NotOwned, run.Bundle(events: 1, row: row, term: 2));
        await AssertRefusedAsync(other, RefusalReason.NotOwned, run.Bundle(events: 1, row: row));
        await AssertRefusedAsync(worker, RefusalReason.NotOwned, new Holding(run.Run + 900, 1, 1).Bundle(events: 1, row: row));
    }

    [Fact]
    public async Task Refusal_OtherEventsThanTheOwnerThinks_IsNotOwned()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await worker.WriteAsync(run.Append(2));

        foreach (var next in new[] { 0, 1, 2, 4 })
        {
            await AssertRefusedAsync(worker, RefusalReason.NotOwned, run.Bundle(row: Holding.Row(RunStatus.Running, Now), next: next));
            await AssertRefusedAsync(worker, RefusalReason.NotOwned,
                run.Bundle(events: 1, row: Holding.Row(RunStatus.Running, Now), next: next));
            await AssertRefusedAsync(worker, RefusalReason.NotOwned, run.Bundle(events: 1, close: RunStatus.Failed, next: next));
        }
        Assert.Equal("e0;e1;e2;", await HistoryAsync(run.Run));
    }

    [Fact]
    public async Task Refusal_AppendAtATakenSequence_IsNotOwned()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await worker.WriteAsync(run.Append());

        await AssertRefusedAsync(worker, RefusalReason.NotOwned, run.Bundle(events: 1, next: 1));
        await AssertRefusedAsync(worker, RefusalReason.NotOwned, run.Bundle(events: 1, next: 0));
        Assert.Equal("e0;e1;", await HistoryAsync(run.Run));
    }

    [Fact]
    public async Task Refusal_ReleasedRun_IsNotOwned()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await worker.WriteAsync(run.Release(RunStatus.Suspended, In(60)));

        await AssertRefusedAsync(worker, RefusalReason.NotOwned, run.Bundle(row: Holding.Row(RunStatus.Running, Now)));
        await AssertRefusedAsync(worker, RefusalReason.NotOwned, run.Bundle(release: true));
        await AssertRefusedAsync(worker, RefusalReason.NotOwned, run.Bundle(close: RunStatus.Completed));
    }

    [Fact]
    public async Task Refusal_ClosedRun_IsNotOwned()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await CloseAsync(worker, run);

        await AssertRefusedAsync(worker, RefusalReason.NotOwned, run.Bundle(events: 1, row: Holding.Row(RunStatus.Running, Now)));
        await AssertRefusedAsync(worker, RefusalReason.NotOwned, run.Bundle(close: RunStatus.Failed));
        Assert.Equal("e0;end1;", await HistoryAsync(run.Run));
    }

    [Fact]
    public async Task Refusal_EveryPartThatNeedsTheRow_ChecksWhoOwnsIt()
    {
        var (worker, other) = (await RegisterAsync(), await RegisterAsync());
        var run = await StartWithTasksAsync(worker, Make.Task(1, claimed: true));
        RunBundle[] bundles =
        [
            run.Bundle(events: 1, release: true), run.Bundle(events: 1, requireSeen: true), run.Bundle(events: 1, notBefore: Now),
            run.Bundle(events: 1, consumed: [1]), run.Bundle(events: 1, ended: [new(run.Run, 1, 1)]),
            run.Bundle(row: Holding.Row(RunStatus.Running, Now)), run.Bundle(close: RunStatus.Completed),
        ];
        foreach (var bundle in bundles) await AssertRefusedAsync(other, RefusalReason.NotOwned, bundle);
        Assert.Equal("e0;e1;", await HistoryAsync(run.Run));
    }

    [Fact]
    public async Task Refusal_RequireSeenWithAnUnreadMessage_IsUnreadMessages()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        Assert.Equal(0, (await worker.WriteAsync(run.Bundle(events: 1, requireSeen: true))).Inbox);
        run.Next++;
        await PostAsync(Make.Message(run.Run, "m1"));

        await AssertRefusedAsync(worker, RefusalReason.UnreadMessages, run.Bundle(events: 1, requireSeen: true));
        run.Seen = 1;
        Assert.Equal(1, (await worker.WriteAsync(run.Bundle(events: 1, requireSeen: true))).Inbox);
    }

    [Fact]
    public async Task Refusal_TimerBeforeItIsDue_IsTooEarly()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var due = In(5);
        Pass(4.999999);

        await AssertRefusedAsync(worker, RefusalReason.TooEarly, run.Bundle(events: 1, notBefore: due));
        _clock.Advance(TimeSpan.FromMicroseconds(1));
        await worker.WriteAsync(run.Bundle(events: 1, notBefore: due));
    }

    [Fact]
    public async Task Refusal_StoreClockSteppedBack_OnlyDelaysATimer()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var due = In(1);
        Pass(2);
        _clock.ShiftWallClock(TimeSpan.FromSeconds(-5));

        await AssertRefusedAsync(worker, RefusalReason.TooEarly, run.Bundle(events: 1, notBefore: due));
        Pass(4);
        await worker.WriteAsync(run.Bundle(events: 1, notBefore: due));
    }

    [Fact]
    public async Task Refusal_EventsThatLeaveAGap_IsNotOwned()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);

        await AssertRefusedAsync(worker, RefusalReason.NotOwned, run.Bundle(events: 1, next: run.Next + 1));
        await AssertRefusedAsync(worker, RefusalReason.NotOwned, run.Bundle(events: 2, next: run.Next + 7));
        await AssertRefusedAsync(worker, RefusalReason.NotOwned, run.Bundle(events: 1, next: run.Next + 1, newTasks: [Make.Task(1)]));
        await worker.WriteAsync(run.Append(events: 2));
        run.Next += 2;
        await AssertRefusedAsync(worker, RefusalReason.NotOwned, run.Bundle(events: 1, next: run.Next - 1));
        await worker.WriteAsync(run.Append());
        Assert.Equal("e0;e1;e2;e3;", await HistoryAsync(run.Run));
    }

    [Fact]
    public async Task Refusal_EndedTaskWithAnOldToken_IsStaleTask()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(1, claimed: true), Make.Task(2));
        var first = new TaskAttempt(run.Run, 1, 1);
        await worker.WriteAsync(run.Bundle(events: 1, ended: [first], newTasks: [Make.Task(1, used: 1, tokensUsed: 1)]));
        run.Next++;

        await AssertRefusedAsync(worker, RefusalReason.StaleTask, run.Bundle(events: 1, ended: [first]));
        await AssertRefusedAsync(worker, RefusalReason.StaleTask, run.Bundle(events: 1, ended: [new(run.Run, 2, 0)]));
        await AssertRefusedAsync(worker, RefusalReason.StaleTask, run.Bundle(events: 1, ended: [new(run.Run, 7, 1)]));
        foreach (var task in (await worker.ClaimTasksAsync()).Tasks)
        {
            await worker.WriteAsync(run.Bundle(events: 1, ended: [task.Attempt]));
            run.Next++;
        }
        Assert.Equal("e0;e1;e2;e3;e4;", await HistoryAsync(run.Run));
    }

    [Fact]
    public async Task Refusal_TaskTakenByAnotherWorker_IsStaleTask()
    {
        var (owner, taker) = (await RegisterAsync(), await RegisterAsync());
        var run = await StartWithTasksAsync(owner, Make.Task(1));
        var attempt = Assert.Single((await taker.ClaimTasksAsync()).Tasks).Attempt;

        await AssertRefusedAsync(owner, RefusalReason.StaleTask, run.Bundle(events: 1, ended: [attempt]));
    }

    [Fact]
    public async Task Refusal_OfOneBundle_WritesNothingOfItsNeighboursAndNamesAllCulprits()
    {
        var worker = await RegisterAsync();
        var (good, early, unread, stale) = (
            await StartWithTasksAsync(worker, Make.Task(1)), await StartOwnedAsync(worker), await StartOwnedAsync(worker),
            await StartOwnedAsync(worker));
        await PostAsync(Make.Message(good.Run, "m1"));
        await PostAsync(Make.Message(unread.Run, "m1"));
        good.Seen = 1;
        var birth = Make.Birth(await NewKeyAsync(), startKey: "k");
        var before = await ReadAsync(good.Run);
        Pass(1);
        var outcome = await worker.CommitAsync(
            good.Bundle(events: 1, consumed: [1], cancel: [1], newTasks: [Make.Task(2)], row: Holding.Row(RunStatus.Running, In(9)),
                close: RunStatus.Completed),
            early.Bundle(events: 1, notBefore: In(1)),
            new() { Run = birth.Key, Birth = birth },
            unread.Bundle(events: 1, requireSeen: true),
            stale.Bundle(events: 1, next: 0));

        Assert.Equal(GroupVerdict.Refused, outcome.Verdict);
        Assert.Empty(outcome.Bundles);
        Assert.Equal(
            [new(early.Run, RefusalReason.TooEarly), new(unread.Run, RefusalReason.UnreadMessages), new(stale.Run, RefusalReason.NotOwned)],
            outcome.Refusals);
        var after = await ReadAsync(good.Run);
        Assert.Equal((before.Status, before.DueAt, before.UpdatedAt, before.Owner),
            (after.Status, after.DueAt, after.UpdatedAt, after.Owner));
        Assert.Equal("e0;e1;", await HistoryAsync(good.Run));
        Assert.Single(Assert.Single(await Store.ReadMessagesAsync(worker.Key, [good.Run], Make.Never)).Messages);
        Assert.Equal([1], (await worker.ClaimTasksAsync()).Tasks.Select(task => task.Attempt.Operation));
        Assert.Null(await Store.ReadRunAsync(new(Id: birth.Id), Make.Never));
        Assert.Equal(BirthVerdict.Created, (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "k", input: "other"))).Verdict);
    }

    [Fact]
    public async Task Refusal_SecondTaskForOneOperation_CanNeverBeStored()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(1));
        var stamp = worker.Stamp();
        var error = await Assert.ThrowsAsync<StoreException>(
            () => Store.CommitGroupAsync(new(stamp, [run.Bundle(events: 1, newTasks: [Make.Task(1, used: 4)])]), Make.Never));

        Assert.Equal(StoreFault.Data, error.Fault);
        var twice = run.Bundle(events: 1, newTasks: [Make.Task(2), Make.Task(2)]);
        error = await Assert.ThrowsAsync<StoreException>(() => Store.CommitGroupAsync(new(worker.Stamp(), [twice]), Make.Never));
        Assert.Equal(StoreFault.Data, error.Fault);
        Assert.False(await Store.ResolveAsync(worker.Key, 1, stamp.Number, Make.Never));
        Assert.Equal("e0;e1;", await HistoryAsync(run.Run));
        Assert.Equal(1, Assert.Single((await worker.ClaimTasksAsync()).Tasks).Number);
    }

    private async Task AssertRefusedAsync(TestWorker worker, RefusalReason reason, RunBundle bundle)
    {
        var outcome = await worker.CommitAsync(bundle);
        Assert.Equal(GroupVerdict.Refused, outcome.Verdict);
        Assert.Equal(new Refusal(bundle.Run, reason), Assert.Single(outcome.Refusals));
    }
}
