using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Inboxes: posting, reading, waking; reopening and deleting closed runs.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task PostMessages_LiveRun_StoresItAndMakesTheRunDue()
    {
        var run = await StartAsync(due: In(60));
        Pass(1);
        var outcome = await PostAsync(Make.Message(run, "m1"));

        Assert.Equal(new PostOutcome(PostVerdict.Accepted, run, RunStatus.Pending, RunPhase.Normal), outcome);
        var row = await ReadAsync(run);
        Assert.Equal((1L, Now, Now), (row.Inbox, row.DueAt, row.UpdatedAt));
        Pass(1);
        var claimed = Assert.Single((await (await RegisterAsync()).ClaimRunsAsync()).Runs);
        var message = Assert.Single(claimed.Messages);
        Assert.Equal((1L, "m1", MessageKind.Signal, "go", "payload of m1", In(-1)),
            (message.Position, message.Id, message.Kind, message.Name, Make.Text(message.Payload), message.At));
        Assert.Equal(1, claimed.Row.Inbox);
    }

    [Fact]
    public async Task PostMessages_RunThatIsOverdue_KeepsItsPlace()
    {
        var due = In(-60);
        var run = await StartAsync(due: due);
        await PostAsync(Make.Message(run, "m1"));

        Assert.Equal(due, (await ReadAsync(run)).DueAt);
    }

    [Fact]
    public async Task PostMessages_SeveralToOneRun_KeepTheirOrder()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var other = await StartOwnedAsync(worker);
        await Store.PostMessagesAsync([Make.Message(run.Run, "b"), Make.Message(other.Run, "x"), Make.Message(run.Run, "a")], Make.Never);
        await (await OpenAnotherAsync()).PostMessagesAsync([Make.Message(run.Run, "c")], Make.Never);

        var inboxes = await Store.ReadMessagesAsync(worker.Key, null, Make.Never);
        Assert.Equal([run.Run, other.Run], inboxes.Select(inbox => inbox.Run));
        Assert.Equal([(1, "b"), (2, "a"), (3, "c")], inboxes[0].Messages.Select(message => (message.Position, message.Id)));
        Assert.Equal([3, 1], inboxes.Select(inbox => inbox.Counter));
    }

    [Fact]
    public async Task PostMessages_SameIdAgain_IsADuplicateAndCountsNothing()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await PostAsync(Make.Message(run.Run, "m1"));
        var before = await ReadAsync(run.Run);
        Pass(1);
        var outcomes = await Store.PostMessagesAsync(
            [Make.Message(run.Run, "m1"), Make.Message(run.Run, "m2"), Make.Message(run.Run, "m2")], Make.Never);

        Assert.Equal([PostVerdict.Duplicate, PostVerdict.Accepted, PostVerdict.Duplicate], outcomes.Select(outcome => outcome.Verdict));
        Assert.All(outcomes, outcome => Assert.Equal((run.Run, RunStatus.Running), (outcome.RunKey, outcome.Status)));
        Assert.Equal((1L, 2L), (before.Inbox, (await ReadAsync(run.Run)).Inbox));
        var inbox = Assert.Single(await Store.ReadMessagesAsync(worker.Key, null, Make.Never));
        Assert.Equal(["m1", "m2"], inbox.Messages.Select(message => message.Id));
    }

    [Fact]
    public async Task PostMessages_SameIdToAnotherRun_IsAnotherMessage()
    {
        var (first, second) = (await StartAsync(), await StartAsync());
        Assert.Equal(PostVerdict.Accepted, (await PostAsync(Make.Message(first, "m1"))).Verdict);
        Assert.Equal(PostVerdict.Accepted, (await PostAsync(Make.Message(second, "m1"))).Verdict);
    }

    [Fact]
    public async Task PostMessages_IdThatWasConsumed_IsStoredAgainForTheHistoryToRecognize()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await PostAsync(Make.Message(run.Run, "m1"));
        run.Seen = 1;
        await worker.WriteAsync(run.Bundle(events: 1, consumed: [1]));

        Assert.Equal(PostVerdict.Accepted, (await PostAsync(Make.Message(run.Run, "m1"))).Verdict);
        Assert.Equal(2, Assert.Single(Assert.Single(await Store.ReadMessagesAsync(worker.Key, null, Make.Never)).Messages).Position);
    }

    [Fact]
    public async Task PostMessages_ByPublicId_FindsTheRun()
    {
        var run = await StartAsync();
        var message = Make.Message(0, "m1") with { RunId = (await ReadAsync(run)).Id };

        Assert.Equal((PostVerdict.Accepted, run), Verdict(await PostAsync(message)));
        Assert.Equal((PostVerdict.NotFound, 0L), Verdict(await PostAsync(message with { RunId = "nobody" })));
        Assert.Equal((PostVerdict.NotFound, 0L), Verdict(await PostAsync(Make.Message(run + 500, "m1"))));

        static (PostVerdict, long) Verdict(PostOutcome outcome) => (outcome.Verdict, outcome.RunKey);
    }

    [Fact]
    public async Task PostMessages_ClosedRunThatNeverReadTheSignal_KnowsItsCopy()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await PostAsync(Make.Message(run.Run, "m1"));
        await PostAsync(Make.Message(run.Run, "stop", MessageKind.Terminate));
        run.Seen = 2;
        await CloseAsync(worker, run, RunStatus.Terminated);

        Assert.Equal(PostVerdict.Duplicate, (await PostAsync(Make.Message(run.Run, "m1"))).Verdict);
        Assert.Equal(PostVerdict.Closed, (await PostAsync(Make.Message(run.Run, "m2"))).Verdict);
        Assert.Equal(PostVerdict.Closed, (await PostAsync(Make.Message(run.Run, "stop", MessageKind.Terminate))).Verdict);
        Assert.Equal(2, (await ReadAsync(run.Run)).Inbox);
    }

    [Fact]
    public async Task PostMessages_ClosedRun_StoresNothingAndSaysHowItEnded()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await CloseAsync(worker, run, RunStatus.Cancelled);

        Assert.Equal(new PostOutcome(PostVerdict.Closed, run.Run, RunStatus.Cancelled, RunPhase.Normal),
            await PostAsync(Make.Message(run.Run, "m1", MessageKind.Cancel)));
        var row = await ReadAsync(run.Run);
        Assert.Equal((0L, Instant.Never), (row.Inbox, row.DueAt));
    }

    [Theory]
    [InlineData(RunStatus.Blocked, MessageKind.Signal, false)]
    [InlineData(RunStatus.Blocked, MessageKind.TaskResult, false)]
    [InlineData(RunStatus.Blocked, MessageKind.Resume, true)]
    [InlineData(RunStatus.Blocked, MessageKind.Cancel, true)]
    [InlineData(RunStatus.Blocked, MessageKind.Terminate, true)]
    [InlineData(RunStatus.Paused, MessageKind.Signal, false)]
    [InlineData(RunStatus.Paused, MessageKind.Pause, false)]
    [InlineData(RunStatus.Paused, MessageKind.Cancel, true)]
    [InlineData(RunStatus.Paused, MessageKind.Resume, true)]
    [InlineData(RunStatus.Suspended, MessageKind.Pause, true)]
    [InlineData(RunStatus.Suspended, MessageKind.Signal, true)]
    [InlineData(RunStatus.Suspended, MessageKind.TaskResult, true)]
    public async Task PostMessages_SleepingRun_WakesOnlyForWhatMayWakeIt(RunStatus status, MessageKind kind, bool wakes)
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await worker.WriteAsync(run.Release(status, Instant.Never));
        var outcome = await PostAsync(Make.Message(run.Run, "m1", kind));
        Assert.Equal((PostVerdict.Accepted, status), (outcome.Verdict, outcome.Status));

        var row = await ReadAsync(run.Run);
        Assert.Equal((1L, wakes ? Now : Instant.Never), (row.Inbox, row.DueAt));
        Assert.Equal(wakes ? 1 : 0, (await worker.ClaimRunsAsync()).Runs.Count);
    }

    [Fact]
    public async Task PostMessages_OwnedRun_IsDueNowShouldItsOwnerDie()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await worker.WriteAsync(run.Bundle(row: Holding.Row(RunStatus.Suspended, Instant.Never)));
        await PostAsync(Make.Message(run.Run, "m1"));

        Assert.Equal((worker.Key, Now), ((await ReadAsync(run.Run)).Owner, (await ReadAsync(run.Run)).DueAt));
        await KillAllAsync();
        Assert.Equal("m1", Assert.Single(Assert.Single((await (await RegisterAsync()).ClaimRunsAsync()).Runs).Messages).Id);
    }

    [Fact]
    public async Task ReadMessages_RunsOfOthers_AreNotAnswered()
    {
        var (worker, other) = (await RegisterAsync(), await RegisterAsync());
        var (mine, theirs, quiet) = (await StartOwnedAsync(worker), await StartOwnedAsync(other), await StartOwnedAsync(worker));
        await Store.PostMessagesAsync([Make.Message(mine.Run, "m1"), Make.Message(theirs.Run, "m1")], Make.Never);

        Assert.Equal([mine.Run], (await Store.ReadMessagesAsync(worker.Key, null, Make.Never)).Select(inbox => inbox.Run));
        var asked = await Store.ReadMessagesAsync(worker.Key, [quiet.Run, theirs.Run, mine.Run, 12345], Make.Never);
        Assert.Equal([(mine.Run, 1L, 1)], asked.Select(inbox => (inbox.Run, inbox.Counter, inbox.Messages.Count)));
        Assert.Empty(await Store.ReadMessagesAsync(worker.Key + 50, null, Make.Never));
    }

    [Theory]
    [InlineData(RunStatus.Failed)]
    [InlineData(RunStatus.TimedOut)]
    [InlineData(RunStatus.Cancelled)]
    [InlineData(RunStatus.Terminated)]
    public async Task ReopenRun_ClosedWithoutResult_IsPendingAndDue(RunStatus status)
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await worker.WriteAsync(run.Bundle(row: Holding.Row(RunStatus.Running, Now) with { Phase = RunPhase.Cancelling }));
        await CloseAsync(worker, run, status);
        Pass(1);
        var message = Make.Message(run.Run, "again", MessageKind.Reopen);
        Assert.Equal(new PostOutcome(PostVerdict.Accepted, run.Run, status, RunPhase.Cancelling),
            await Store.ReopenRunAsync(message, Make.Never));

        var row = await ReadAsync(run.Run);
        Assert.Equal((RunStatus.Pending, RunPhase.Normal, 1L, Now), (row.Status, row.Phase, row.Inbox, row.DueAt));
        Assert.Equal((Instant.Never, Now, "", ""), (row.ClosedAt, row.UpdatedAt, Make.Text(row.Failure), Make.Text(row.Result)));
        var claimed = Assert.Single((await worker.ClaimRunsAsync()).Runs);
        Assert.Equal((2, 2, MessageKind.Reopen), (claimed.Row.Term, claimed.Row.Events, Assert.Single(claimed.Messages).Kind));
        await worker.WriteAsync(Holding.Of(claimed).Bundle(events: 1, consumed: [1]));
        Assert.Equal("e0;end1;e2;", await HistoryAsync(run.Run));
    }

    [Fact]
    public async Task ReopenRun_TasksThatItsEndLetGoOn_AreRemovedAndMayBeMadeAnew()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(1), Make.Task(2, claimed: true));
        Assert.True((await worker.WriteAsync(run.Bundle(close: RunStatus.Cancelled, keepQueued: true))).Closed);
        var kept = new TaskAttempt(run.Run, 2, 1);
        await Store.ReopenRunAsync(Make.Message(run.Run, "again", MessageKind.Reopen), Make.Never);

        Assert.Empty((await worker.ClaimTasksAsync()).Tasks);
        Assert.Equal([kept], (await worker.BeatAsync(new TaskBeat(kept, default))).Stop);
        var next = await worker.ClaimOneAsync();
        await worker.WriteAsync(next.Bundle(events: 1, newTasks: [Make.Task(1, tokensUsed: 50), Make.Task(2, claimed: true, tokensUsed: 50)]));
        Assert.Equal([false, true], (await worker.CompleteAsync(Make.Completion(kept), Make.Completion(new(run.Run, 2, 51)))).Accepted);
        Assert.Equal(new TaskAttempt(run.Run, 1, 51), Assert.Single((await worker.ClaimTasksAsync()).Tasks).Attempt);
    }

    [Fact]
    public async Task ReopenRun_OrdersThatItsEndLeftUnread_AreGoneAndMayBeGivenAgain()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await PostAsync(Make.Message(run.Run, "cancel", MessageKind.Cancel));
        await PostAsync(Make.Message(run.Run, "end", MessageKind.Terminate));
        await PostAsync(Make.Message(run.Run, "signal"));
        run.Seen = 3;
        await CloseAsync(worker, run, RunStatus.Terminated);
        await Store.ReopenRunAsync(Make.Message(run.Run, "again", MessageKind.Reopen), Make.Never);

        var cancel = Make.Message(run.Run, "cancel", MessageKind.Cancel);
        Assert.Equal(PostVerdict.Accepted, Assert.Single(await Store.PostMessagesAsync([cancel], Make.Never)).Verdict);
        var claimed = Assert.Single((await worker.ClaimRunsAsync()).Runs);
        Assert.Equal([(3L, MessageKind.Signal), (4L, MessageKind.Reopen), (5L, MessageKind.Cancel)], claimed.Messages.Select(static message => (message.Position, message.Kind)));
    }

    [Fact]
    public async Task ReopenRun_RunThatIsOpen_StoresNothing()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await CloseAsync(worker, run, RunStatus.Failed);
        var message = Make.Message(run.Run, "again", MessageKind.Reopen);
        await Store.ReopenRunAsync(message, Make.Never);

        Assert.Equal((PostVerdict.Duplicate, RunStatus.Pending), await ReopenAsync(message));
        // Also when the first message has been read: the repeated order has been carried out.
        var taken = await worker.ClaimOneAsync();
        await worker.WriteAsync(taken.Bundle(events: 1, consumed: [1]));
        Assert.Equal((PostVerdict.Duplicate, RunStatus.Running), await ReopenAsync(message));
        Assert.Equal(1, (await ReadAsync(run.Run)).Inbox);
    }

    [Fact]
    public async Task ReopenRun_LateCopyOfAnOrderThatIsStillStored_LeavesTheRunClosed()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await CloseAsync(worker, run, RunStatus.Failed);
        var message = Make.Message(run.Run, "again", MessageKind.Reopen);
        await Store.ReopenRunAsync(message, Make.Never);
        await CloseAsync(worker, await worker.ClaimOneAsync(), RunStatus.Failed);

        Assert.Equal((PostVerdict.Duplicate, RunStatus.Failed), await ReopenAsync(message));
        Assert.Equal((PostVerdict.Accepted, RunStatus.Failed), await ReopenAsync(message with { Id = "once more" }));
        Assert.Equal(["again", "once more"], Assert.Single((await worker.ClaimRunsAsync()).Runs).Messages.Select(stored => stored.Id));
    }

    [Fact]
    public async Task ReopenRun_LateCopyOfAnOrderThatWasCarriedOut_LeavesTheNextEndAlone()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await CloseAsync(worker, run, RunStatus.Failed);
        var message = Make.Message(run.Run, "again", MessageKind.Reopen) with { SeenEvents = (await ReadAsync(run.Run)).Events };
        Assert.Equal((PostVerdict.Accepted, RunStatus.Failed), await ReopenAsync(message));
        var taken = await worker.ClaimOneAsync();
        await worker.WriteAsync(taken.Bundle(events: 1, consumed: [1]));
        taken.Next++;
        await CloseAsync(worker, taken, RunStatus.Failed);

        Assert.Equal((PostVerdict.Duplicate, RunStatus.Failed), await ReopenAsync(message));
        Assert.Equal((RunStatus.Failed, 1L), ((await ReadAsync(run.Run)).Status, (await ReadAsync(run.Run)).Inbox));
        Assert.Equal((PostVerdict.Accepted, RunStatus.Failed), await ReopenAsync(message with { Id = "once more", SeenEvents = (await ReadAsync(run.Run)).Events }));
    }

    [Fact]
    public async Task ReopenRun_CompletedOrUnknownRun_IsRefused()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await CloseAsync(worker, run);

        Assert.Equal((PostVerdict.Closed, RunStatus.Completed), await ReopenAsync(Make.Message(run.Run, "again", MessageKind.Reopen)));
        Assert.Equal(PostVerdict.NotFound, (await ReopenAsync(Make.Message(run.Run + 77, "again", MessageKind.Reopen))).Verdict);
        Assert.Equal((RunStatus.Completed, 0L), ((await ReadAsync(run.Run)).Status, (await ReadAsync(run.Run)).Inbox));
    }

    [Fact]
    public async Task DeleteRuns_ClosedRun_IsGoneWithAllThatBelongedToIt()
    {
        var worker = await RegisterAsync();
        var tags = new Dictionary<string, string> { ["city"] = "Bern" };
        var run = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), id: "gone", startKey: "k", tags: tags));
        var live = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), id: "live"));
        await worker.WriteAsync(run.Bundle(newTasks: [Make.Task(1)], close: RunStatus.Failed, keepQueued: true));
        Assert.Equal([DeleteVerdict.Deleted, DeleteVerdict.NotFound, DeleteVerdict.Live, DeleteVerdict.NotFound],
            await Store.DeleteRunsAsync(["gone", "nobody", "live", "gone"], Make.Never));

        Assert.Null(await Store.ReadRunAsync(new(Id: "gone"), Make.Never));
        Assert.Null(await Store.ReadRunAsync(new(StartKey: "k"), Make.Never));
        Assert.Null(await Store.ReadRunAsync(new(Key: run.Run), Make.Never));
        Assert.Empty(await Store.ReadHistoryAsync(run.Run, 0, Make.Never));
        Assert.Empty((await worker.ClaimTasksAsync()).Tasks);
        Assert.Equal(["live"], (await Store.ListRunsAsync(new(), Make.Never)).Runs.Select(row => row.Id));
        Assert.Empty((await Store.ListRunsAsync(new() { Tags = new Dictionary<string, string?> { ["city"] = null } }, Make.Never)).Runs);
        Assert.Equal(PostVerdict.NotFound, (await PostAsync(Make.Message(run.Run, "m"))).Verdict);
        await worker.WriteAsync(live.Append());
    }

    [Fact]
    public async Task DeleteRuns_KeyedRun_LeavesItsKeyBehind()
    {
        var worker = await RegisterAsync();
        var first = Make.Birth(await NewKeyAsync(), id: "first", startKey: "k");
        var run = await StartOwnedAsync(worker, first);
        await CloseAsync(worker, run, RunStatus.Failed);
        await Store.DeleteRunsAsync(["first"], Make.Never);

        foreach (var (policy, expected) in new[]
        {
            (ConflictPolicy.UseExisting, BirthVerdict.Existing), (ConflictPolicy.Fail, BirthVerdict.AlreadyExists),
            (ConflictPolicy.RestartIfFailed, BirthVerdict.Existing),
        })
        {
            var outcome = await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "k", onConflict: policy));
            Assert.Equal(new BirthOutcome(expected, run.Run, "first", null), outcome);
        }
        Assert.Equal(BirthVerdict.KeyConflict, (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "k", input: "2"))).Verdict);
        Assert.Equal(new BirthOutcome(BirthVerdict.Created, run.Run, "first", null), await StartAsync(first));
        Assert.Empty((await Store.ListRunsAsync(new(), Make.Never)).Runs);
    }

    private async Task<(PostVerdict Verdict, RunStatus Status)> ReopenAsync(OutgoingMessage message)
    {
        var outcome = await Store.ReopenRunAsync(message, Make.Never);
        return (outcome.Verdict, outcome.Status);
    }
}
