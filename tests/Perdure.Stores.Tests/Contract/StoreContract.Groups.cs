using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>What a committed group does to rows, events, tasks and messages.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task CommitGroup_BundleThatOnlyAppends_LeavesTheRowBehind()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var before = await ReadAsync(run.Run);
        Pass(1);
        var outcome = await worker.CommitAsync(run.Append(2));

        Assert.Equal((GroupVerdict.Committed, Now), (outcome.Verdict, outcome.Now));
        var answer = Assert.Single(outcome.Bundles);
        Assert.Equal((BundleOutcome.InboxUnknown, false, false, BirthVerdict.None),
            (answer.Inbox, answer.Closed, answer.Released, answer.Birth.Verdict));
        Assert.Equal("e0;e1;e2;", await HistoryAsync(run.Run));
        var row = await ReadAsync(run.Run);
        Assert.Equal((before.Events, before.UpdatedAt), (row.Events, row.UpdatedAt));
    }

    [Fact]
    public async Task CommitGroup_NextRowUpdate_KnowsAllEventsAgain()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await worker.WriteAsync(run.Append(3));
        run.Next = 4;
        await worker.WriteAsync(run.Bundle(events: 1, row: Holding.Row(RunStatus.Running, Now)));

        Assert.Equal(5, (await ReadAsync(run.Run)).Events);
    }

    [Fact]
    public async Task CommitGroup_RowUpdate_WritesEveryPart()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        Pass(1);
        var outcome = await worker.WriteAsync(run.Bundle(row: new()
        {
            Status = RunStatus.Suspended, Phase = RunPhase.Cancelling, DueAt = In(60), Waiting = Make.Bytes("[1]"),
            Published = Make.Bytes("{\"a\":1}"),
        }));

        Assert.Equal(0, outcome.Inbox);
        var row = await ReadAsync(run.Run);
        Assert.Equal((RunStatus.Suspended, RunPhase.Cancelling, In(60), Now), (row.Status, row.Phase, row.DueAt, row.UpdatedAt));
        Assert.Equal(("[1]", "{\"a\":1}"), (Make.Text(row.Waiting), Make.Text(row.Published)));
        Assert.Equal((worker.Key, 1, 1), (row.Owner, row.Term, row.Events));
    }

    [Fact]
    public async Task CommitGroup_RowUpdateWithoutWaitingAndPublished_ClearsTheOneAndKeepsTheOther()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var row = new RunRowUpdate { Status = RunStatus.Suspended, DueAt = Now, Waiting = Make.Bytes("[1]"), Published = Make.Bytes("{}") };
        await worker.WriteAsync(run.Bundle(row: row));
        await worker.WriteAsync(run.Bundle(row: new() { Status = RunStatus.Running, DueAt = Now }));

        var stored = await ReadAsync(run.Run);
        Assert.Equal(("", "{}"), (Make.Text(stored.Waiting), Make.Text(stored.Published)));
    }

    [Fact]
    public async Task CommitGroup_ClearCrashes_ForgetsLossesInARowButNotAll()
    {
        var run = await StartOwnedAsync(await RegisterAsync());
        await KillAllAsync();
        var heir = await RegisterAsync();
        var taken = await heir.ClaimOneAsync();
        await heir.WriteAsync(taken.Bundle(row: Holding.Row(RunStatus.Running, Now)));
        Assert.Equal(1, (await ReadAsync(run.Run)).Crashes);
        await heir.WriteAsync(taken.Bundle(row: Holding.Row(RunStatus.Running, Now) with { ClearCrashes = true }));

        var row = await ReadAsync(run.Run);
        Assert.Equal((0, 1), (row.Crashes, row.Losses));
    }

    [Fact]
    public async Task CommitGroup_RowUpdateWithAnUnreadMessage_MakesTheRunDueNow()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await PostAsync(Make.Message(run.Run, "m1"));
        Pass(1);
        var outcome = await worker.WriteAsync(run.Bundle(row: Holding.Row(RunStatus.Suspended, Instant.Never)));

        Assert.Equal(1, outcome.Inbox);
        Assert.Equal(Now, (await ReadAsync(run.Run)).DueAt);
        run.Seen = 1;
        await worker.WriteAsync(run.Bundle(row: Holding.Row(RunStatus.Suspended, Instant.Never)));
        Assert.Equal(Instant.Never, (await ReadAsync(run.Run)).DueAt);
    }

    [Fact]
    public async Task CommitGroup_Consumed_RemovesThoseMessagesOnly()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        foreach (var id in new[] { "m1", "m2", "m3" }) await PostAsync(Make.Message(run.Run, id));
        run.Seen = 3;
        var outcome = await worker.WriteAsync(run.Bundle(events: 2, consumed: [1, 3]));

        Assert.Equal(3, outcome.Inbox);
        var inbox = Assert.Single(await Store.ReadMessagesAsync(worker.Key, null, Make.Never));
        Assert.Equal((3, "m2"), (inbox.Counter, Assert.Single(inbox.Messages).Id));
    }

    [Fact]
    public async Task CommitGroup_Release_GivesTheRunBack()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var outcome = await worker.WriteAsync(run.Bundle(events: 1, row: Holding.Row(RunStatus.Suspended, In(5)), release: true));

        Assert.Equal((true, false), (outcome.Released, outcome.Closed));
        var row = await ReadAsync(run.Run);
        Assert.Equal((0L, 1, RunStatus.Suspended, In(5)), (row.Owner, row.Term, row.Status, row.DueAt));
        Assert.Empty((await worker.ClaimRunsAsync()).Runs);
        Pass(5);
        Assert.Equal(2, (await worker.ClaimOneAsync()).Term);
    }

    [Fact]
    public async Task CommitGroup_MessageJustBeforeRelease_KeepsTheRunOwned()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await PostAsync(Make.Message(run.Run, "m1"));
        var outcome = await worker.WriteAsync(run.Bundle(events: 1, row: Holding.Row(RunStatus.Suspended, Instant.Never), release: true));

        Assert.Equal((1L, false), (outcome.Inbox, outcome.Released));
        Assert.Equal((worker.Key, 1), await OwnerAsync(run.Run));
        Assert.Equal("e0;e1;", await HistoryAsync(run.Run));
        // And if the owner dies now, the message is work for the next one.
        await KillAllAsync();
        Assert.Equal("m1", Assert.Single(Assert.Single((await (await RegisterAsync()).ClaimRunsAsync()).Runs).Messages).Id);
    }

    [Fact]
    public async Task CommitGroup_Close_EndsTheRun()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        Pass(1);
        var outcome = await worker.WriteAsync(run.Bundle(events: 1, close: RunStatus.Completed, row: Holding.Row(RunStatus.Running, Now)));

        Assert.Equal((true, false, 0L), (outcome.Closed, outcome.Released, outcome.Inbox));
        var row = await ReadAsync(run.Run);
        Assert.Equal((RunStatus.Completed, 0L, 3, Instant.Never), (row.Status, row.Owner, row.Events, row.DueAt));
        Assert.Equal((new Instant(5_000_000), Now, "42", "", ""),
            (row.ClosedAt, row.UpdatedAt, Make.Text(row.Result), Make.Text(row.Failure), Make.Text(row.Waiting)));
        Assert.Equal("e0;e1;end2;", await HistoryAsync(run.Run));
        Assert.Empty((await worker.ClaimRunsAsync()).Runs);
    }

    [Fact]
    public async Task CommitGroup_CloseWithAFailureAndPublishedState_StoresBoth()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var bundle = new RunBundle
        {
            Run = run.Run, Term = 1, BaseSequence = 1,
            Close = new()
            {
                Status = RunStatus.Failed, Event = Make.Events(1), At = Now,
                Failure = Make.Bytes("{\"code\":1}"), Published = Make.Bytes("{\"s\":2}"),
            },
        };
        Assert.True((await worker.WriteAsync(bundle)).Closed);

        var row = await ReadAsync(run.Run);
        Assert.Equal((RunStatus.Failed, "{\"code\":1}", "{\"s\":2}", ""),
            (row.Status, Make.Text(row.Failure), Make.Text(row.Published), Make.Text(row.Result)));
    }

    [Fact]
    public async Task CommitGroup_MessageJustBeforeClose_KeepsTheRunOpenButWritesTheRest()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await PostAsync(Make.Message(run.Run, "m1"));
        var outcome = await worker.WriteAsync(run.Bundle(events: 1, close: RunStatus.Completed, row: Holding.Row(RunStatus.Running, Now)));

        Assert.Equal((1L, false), (outcome.Inbox, outcome.Closed));
        var row = await ReadAsync(run.Run);
        Assert.Equal((RunStatus.Running, worker.Key, 2), (row.Status, row.Owner, row.Events));
        Assert.Equal("e0;e1;", await HistoryAsync(run.Run));
        run.Next = 2;
        run.Seen = 1;
        Assert.True((await worker.WriteAsync(run.Bundle(events: 1, consumed: [1], close: RunStatus.Completed))).Closed);
        Assert.Equal("e0;e1;e2;end3;", await HistoryAsync(run.Run));
    }

    [Fact]
    public async Task CommitGroup_Close_RemovesQueuedAndRunningTasks()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(1), Make.Task(2, claimed: true));
        await CloseAsync(worker, run);

        Assert.Empty((await worker.ClaimTasksAsync()).Tasks);
        Assert.Equal([false], (await worker.CompleteAsync(Make.Completion(new(run.Run, 2, 1)))).Accepted);
        Assert.Equal(new TaskAttempt(run.Run, 2, 1),
            Assert.Single((await worker.BeatAsync(new TaskBeat(new(run.Run, 2, 1), default))).Stop));
    }

    [Fact]
    public async Task CommitGroup_CloseThatKeepsQueued_LetsItsTasksRunAndDropsTheirResults()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(1));
        Assert.True((await worker.WriteAsync(run.Bundle(close: RunStatus.Completed, keepQueued: true))).Closed);

        var task = Assert.Single((await worker.ClaimTasksAsync()).Tasks);
        Assert.Equal([true], (await worker.CompleteAsync(Make.Completion(task.Attempt))).Accepted);
        Assert.Equal(0, (await ReadAsync(run.Run)).Inbox);
        Assert.Empty((await worker.ClaimTasksAsync()).Tasks);
    }

    [Fact]
    public async Task CommitGroup_CloseThatDoesNotHappen_KeepsTheTasks()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(1));
        await PostAsync(Make.Message(run.Run, "m1"));

        Assert.False((await worker.WriteAsync(run.Bundle(close: RunStatus.Completed))).Closed);
        Assert.Single((await worker.ClaimTasksAsync()).Tasks);
    }

    [Fact]
    public async Task CommitGroup_EndedTaskAndNextAttempt_ReplaceTheTask()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(1, claimed: true));
        await worker.WriteAsync(run.Bundle(events: 1, ended: [new(run.Run, 1, 1)], newTasks: [Make.Task(1, used: 1, due: In(3))]));

        Assert.Equal([false], (await worker.CompleteAsync(Make.Completion(new(run.Run, 1, 1)))).Accepted);
        Assert.Empty((await worker.ClaimTasksAsync()).Tasks);
        Pass(3);
        var task = Assert.Single((await worker.ClaimTasksAsync()).Tasks);
        Assert.Equal((1, 2), (task.Attempt.Token, task.Number));
    }

    [Fact]
    public async Task CommitGroup_CancelTasks_RemovesQueuedOnesAndTellsRunningOnesToStop()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(1), Make.Task(2, claimed: true), Make.Task(3));
        var outcome = await worker.WriteAsync(run.Bundle(events: 1, cancel: [3, 2, 1, 9], newTasks: [Make.Task(4)]));

        // What is gone without a result is named too: the answer that named it first may have been lost with its worker.
        Assert.Equal([3, 1, 9], outcome.CancelledTasks);
        var running = new TaskAttempt(run.Run, 2, 1);
        Assert.Equal([running], (await worker.BeatAsync(new TaskBeat(running, default))).Stop);
        Assert.Equal(4, Assert.Single((await worker.ClaimTasksAsync()).Tasks).Attempt.Operation);
        Assert.Equal([true], (await worker.CompleteAsync(Make.Completion(running))).Accepted);
    }

    [Fact]
    public async Task CommitGroup_CancelTasksAgain_NamesThoseThatAreGoneAndNotThoseThatHaveAResult()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(1), Make.Task(2, claimed: true));
        Assert.Equal([1], (await worker.WriteAsync(run.Bundle(events: 1, cancel: [1]))).CancelledTasks);
        run.Next++;
        Assert.Equal([true], (await worker.CompleteAsync(Make.Completion(new TaskAttempt(run.Run, 2, 1)))).Accepted);

        Assert.Equal([1], (await worker.WriteAsync(run.Bundle(events: 1, cancel: [1, 2]))).CancelledTasks);
    }

    [Fact]
    public async Task CommitGroup_TaskScheduledAndCancelledInOneBundle_IsGone()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var outcome = await worker.WriteAsync(run.Bundle(events: 2, newTasks: [Make.Task(1)], cancel: [1]));

        Assert.Equal([1], outcome.CancelledTasks);
        Assert.Empty((await worker.ClaimTasksAsync()).Tasks);
    }

    [Fact]
    public async Task CommitGroup_SeveralBundles_AnswersEachInOrder()
    {
        var worker = await RegisterAsync();
        var (appends, releases, closes) = (await StartOwnedAsync(worker), await StartOwnedAsync(worker), await StartOwnedAsync(worker));
        var birth = Make.Birth(await NewKeyAsync());
        var outcome = await worker.CommitAsync(
            appends.Append(), closes.Bundle(close: RunStatus.Failed), new() { Run = birth.Key, Birth = birth },
            releases.Bundle(row: Holding.Row(RunStatus.Suspended, In(1)), release: true));

        Assert.Equal(GroupVerdict.Committed, outcome.Verdict);
        Assert.Empty(outcome.Refusals);
        Assert.Equal([false, true, false, false], outcome.Bundles.Select(bundle => bundle.Closed));
        Assert.Equal([false, false, false, true], outcome.Bundles.Select(bundle => bundle.Released));
        Assert.Equal([BirthVerdict.None, BirthVerdict.None, BirthVerdict.Created, BirthVerdict.None],
            outcome.Bundles.Select(bundle => bundle.Birth.Verdict));
        Assert.Equal(BundleOutcome.InboxUnknown, outcome.Bundles[0].Inbox);
    }

    [Fact]
    public async Task CommitGroup_WholeLifeInOneBundle_IsOneWrite()
    {
        var worker = await RegisterAsync();
        var birth = Make.Birth(await NewKeyAsync());
        var outcome = await worker.WriteAsync(new()
        {
            Run = birth.Key, Term = 1, Birth = birth, Owned = true, BaseSequence = 1, Events = Make.Events(1, 2),
            Close = new() { Status = RunStatus.Completed, Event = Make.Events(3, mark: "end"), At = Now, Result = Make.Bytes("7") },
        });

        Assert.Equal((BirthVerdict.Created, true), (outcome.Birth.Verdict, outcome.Closed));
        Assert.Equal("e0;e1;e2;end3;", await HistoryAsync(birth.Key));
        var row = await ReadAsync(birth.Key);
        Assert.Equal((RunStatus.Completed, 4, 0L, "7"), (row.Status, row.Events, row.Owner, Make.Text(row.Result)));
    }
}
