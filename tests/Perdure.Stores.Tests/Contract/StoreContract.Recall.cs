using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Answers that were lost and are read again from the rows.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task RecallGroup_RightAfterTheCommit_AnswersTheSame()
    {
        var worker = await RegisterAsync();
        await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), startKey: "held"));
        var (appends, released, kept) = (await StartOwnedAsync(worker), await StartOwnedAsync(worker), await StartOwnedAsync(worker));
        var (closed, open, tasks) = (await StartOwnedAsync(worker), await StartOwnedAsync(worker),
            await StartWithTasksAsync(worker, Make.Task(1), Make.Task(2, claimed: true)));
        await PostAsync(Make.Message(kept.Run, "m1"));
        await PostAsync(Make.Message(open.Run, "m1"));
        var row = Holding.Row(RunStatus.Suspended, In(60));
        RunBirth[] births =
        [
            Make.Birth(await NewKeyAsync()), Make.Birth(await NewKeyAsync(), startKey: "held"),
            Make.Birth(await NewKeyAsync(), startKey: "new"),
            Make.Birth(await NewKeyAsync(), startKey: "held", onConflict: ConflictPolicy.Fail),
            Make.Birth(await NewKeyAsync(), startKey: "held", input: "2"),
            Make.Birth(await NewKeyAsync(), id: "chosen", chosenId: true, onConflict: ConflictPolicy.Fail),
        ];
        var owned = Make.Birth(await NewKeyAsync());
        var stamp = worker.Stamp();
        var group = new RunGroup(stamp,
        [
            appends.Append(), released.Bundle(row: row, release: true), kept.Bundle(row: row, release: true),
            closed.Bundle(close: RunStatus.Failed),
            open.Bundle(events: 1, close: RunStatus.Completed), tasks.Bundle(events: 1, cancel: [1, 2]),
            .. births.Select(birth => new RunBundle { Run = birth.Key, Birth = birth }),
            new() { Run = owned.Key, Term = 1, Birth = owned, Owned = true, BaseSequence = 1, Row = Holding.Row(RunStatus.Running, Now) },
        ]);
        var answer = await Store.CommitGroupAsync(group, Make.Never);
        Assert.Equal(GroupVerdict.Committed, answer.Verdict);

        var recalled = await (await OpenAnotherAsync()).RecallGroupAsync(group, Make.Never);
        Assert.Equal((GroupVerdict.Committed, 0), (recalled.Verdict, recalled.Refusals.Count));
        Assert.Equal(answer.Bundles.Select(Describe), recalled.Bundles.Select(Describe));
        Assert.Equal([1], recalled.Bundles[5].CancelledTasks);
    }

    [Fact]
    public async Task RecallGroup_ReleasedRunThatAnotherWorkerHasTakenSince_IsReleased()
    {
        var (worker, other) = (await RegisterAsync(), await RegisterAsync());
        var run = await StartOwnedAsync(worker);
        var group = new RunGroup(worker.Stamp(), [run.Bundle(row: Holding.Row(RunStatus.Suspended, Now), release: true)]);
        await Store.CommitGroupAsync(group, Make.Never);
        var taken = await other.ClaimOneAsync();
        Assert.Equal((true, false), await OutcomeAsync());

        await CloseAsync(other, taken);
        Assert.Equal((true, false), await OutcomeAsync());

        async Task<(bool Released, bool Closed)> OutcomeAsync()
        {
            var bundle = Assert.Single((await Store.RecallGroupAsync(group, Make.Never)).Bundles);
            return (bundle.Released, bundle.Closed);
        }
    }

    [Fact]
    public async Task RecallGroup_RunTakenAgainByTheSameWorker_IsReleasedByItsTerm()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var stamp = worker.Stamp();
        var group = new RunGroup(stamp, [run.Bundle(row: Holding.Row(RunStatus.Suspended, Now), release: true)]);
        await Store.CommitGroupAsync(group, Make.Never);
        worker.Confirm(stamp);
        await worker.ClaimOneAsync();

        Assert.True(Assert.Single((await Store.RecallGroupAsync(group, Make.Never)).Bundles).Released);
    }

    [Fact]
    public async Task RecallGroup_CloseThatDidNotHappenBeforeAnotherOwnerClosed_IsNotClosed()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await PostAsync(Make.Message(run.Run, "m1"));
        var group = new RunGroup(worker.Stamp(), [run.Bundle(events: 1, close: RunStatus.Completed)]);
        Assert.False(Assert.Single((await Store.CommitGroupAsync(group, Make.Never)).Bundles).Closed);
        await KillAllAsync();
        var heir = await RegisterAsync();
        await CloseAsync(heir, await heir.ClaimOneAsync(), RunStatus.Failed);

        Assert.False(Assert.Single((await Store.RecallGroupAsync(group, Make.Never)).Bundles).Closed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RecallGroup_ClosedRunThatHasBeenReopenedSince_IsClosed(bool claimedAgain)
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var stamp = worker.Stamp();
        var group = new RunGroup(stamp, [run.Bundle(close: RunStatus.Failed)]);
        await Store.CommitGroupAsync(group, Make.Never);
        worker.Confirm(stamp);
        await Store.ReopenRunAsync(Make.Message(run.Run, "again", MessageKind.Reopen), Make.Never);
        if (claimedAgain) await worker.ClaimOneAsync();

        Assert.True(Assert.Single((await Store.RecallGroupAsync(group, Make.Never)).Bundles).Closed);
    }

    [Fact]
    public async Task RecallGroup_ClosedRunThatHasBeenDeletedSince_IsClosed()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var group = new RunGroup(worker.Stamp(), [run.Bundle(close: RunStatus.Completed)]);
        await Store.CommitGroupAsync(group, Make.Never);
        await Store.DeleteRunsAsync([(await ReadAsync(run.Run)).Id], Make.Never);

        Assert.True(Assert.Single((await Store.RecallGroupAsync(group, Make.Never)).Bundles).Closed);
    }

    [Fact]
    public async Task RecallGroup_KeyedStartWhoseRunHasBeenDeletedSince_IsCreated()
    {
        var worker = await RegisterAsync();
        var birth = Make.Birth(await NewKeyAsync(), startKey: "k");
        var group = new RunGroup(worker.Stamp(), [new() { Run = birth.Key, Birth = birth }]);
        await Store.CommitGroupAsync(group, Make.Never);
        var other = await RegisterAsync();
        await CloseAsync(other, await other.ClaimOneAsync());
        await Store.DeleteRunsAsync([birth.Id], Make.Never);

        var recalled = Assert.Single((await Store.RecallGroupAsync(group, Make.Never)).Bundles).Birth;
        Assert.Equal(new BirthOutcome(BirthVerdict.Created, birth.Key, birth.Id, null), recalled);
    }

    [Fact]
    public async Task RecallGroup_StartThatFoundALiveRunWhichFailedSince_FoundThatRun()
    {
        var worker = await RegisterAsync();
        var holder = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), startKey: "k"));
        var birth = Make.Birth(await NewKeyAsync(), startKey: "k", onConflict: ConflictPolicy.RestartIfFailed);
        var stamp = worker.Stamp();
        var group = new RunGroup(stamp, [new() { Run = birth.Key, Birth = birth }]);
        Assert.Equal(BirthVerdict.Existing, Assert.Single((await Store.CommitGroupAsync(group, Make.Never)).Bundles).Birth.Verdict);
        worker.Confirm(stamp);
        await CloseAsync(worker, holder, RunStatus.Failed);

        var recalled = Assert.Single((await Store.RecallGroupAsync(group, Make.Never)).Bundles).Birth;
        Assert.Equal((BirthVerdict.Existing, holder.Run), (recalled.Verdict, recalled.Key));
    }

    [Fact]
    public async Task RecallGroup_StartThatLostItsIdThoughItsKeyCouldMoveOn_NamesTheHolderOfTheId()
    {
        var worker = await RegisterAsync();
        var former = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), startKey: "k"));
        await CloseAsync(worker, former, RunStatus.Failed);
        var holder = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), id: "mine", chosenId: true, input: "2"));
        var birth = Make.Birth(await NewKeyAsync(), id: "mine", chosenId: true, startKey: "k", onConflict: ConflictPolicy.RestartIfFailed);
        var group = new RunGroup(worker.Stamp(), [new() { Run = birth.Key, Birth = birth }]);
        var answer = Assert.Single((await Store.CommitGroupAsync(group, Make.Never)).Bundles).Birth;

        Assert.Equal((BirthVerdict.KeyConflict, holder.Run), (answer.Verdict, answer.Key));
        Assert.Equal(answer, Assert.Single((await Store.RecallGroupAsync(group, Make.Never)).Bundles).Birth);
    }

    [Fact]
    public async Task RecallGroup_TaskThatEndedBeforeItsCancellation_IsNotCancelled()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(1, claimed: true), Make.Task(2));
        await worker.CompleteAsync(Make.Completion(new(run.Run, 1, 1)));
        var group = new RunGroup(worker.Stamp(), [run.Bundle(events: 1, cancel: [1, 2])]);
        var answer = Assert.Single((await Store.CommitGroupAsync(group, Make.Never)).Bundles);

        Assert.Equal([2], answer.CancelledTasks);
        Assert.Equal([2], Assert.Single((await Store.RecallGroupAsync(group, Make.Never)).Bundles).CancelledTasks);
    }

    [Fact]
    public async Task RecallRunClaim_LostAnswer_ReadsWhatThatClaimTook()
    {
        var worker = await RegisterAsync();
        var (first, second) = (await StartAsync(), await StartAsync());
        var earlier = await worker.ClaimRunsAsync(limit: 1, suspects: 10, "default");
        var stamp = worker.Stamp(lane: 0);
        var later = await Store.ClaimRunsAsync(new(stamp, ["default"], 10, 10), Make.Never);
        await PostAsync(Make.Message(second, "m1"));

        Assert.Equal([first], (await Store.RecallRunClaimAsync(worker.Key, 1, Make.Never)).Runs.Select(run => run.Row.Key));
        var recalled = await (await OpenAnotherAsync()).RecallRunClaimAsync(worker.Key, stamp.Number, Make.Never);
        var run = Assert.Single(recalled.Runs);
        Assert.Equal((false, second, 1, RunStatus.Running), (recalled.Fenced, run.Row.Key, run.Row.Term, run.Row.Status));
        Assert.Equal((1L, "m1"), (run.Row.Inbox, Assert.Single(run.Messages).Id));
        Assert.Equal("e0;", string.Concat(run.History.Select(batch => Make.Text(batch.Bytes))));
        Assert.Single(earlier.Runs);
        Assert.Single(later.Runs);
    }

    [Fact]
    public async Task RecallRunClaim_ClaimThatNeverHappenedOrIsOver_IsEmpty()
    {
        var worker = await RegisterAsync();
        await StartAsync();
        var run = await worker.ClaimOneAsync();
        Assert.Empty((await Store.RecallRunClaimAsync(worker.Key, 2, Make.Never)).Runs);
        Assert.Empty((await Store.RecallRunClaimAsync(worker.Key + 1, 1, Make.Never)).Runs);

        await worker.WriteAsync(run.Release(RunStatus.Suspended, In(9)));
        Assert.Empty((await Store.RecallRunClaimAsync(worker.Key, 1, Make.Never)).Runs);
    }

    [Fact]
    public async Task RecallTaskClaim_LostAnswer_ReadsWhatThatClaimTook()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(1), Make.Task(2, due: In(5)), Make.Task(3, claimed: true));
        var first = Assert.Single((await worker.ClaimTasksAsync()).Tasks);
        Pass(5);
        var stamp = worker.Stamp(lane: 0);
        var lost = Assert.Single((await Store.ClaimTasksAsync(new(stamp, [new("mail", 9)], 100), Make.Never)).Tasks);

        var recalled = await (await OpenAnotherAsync()).RecallTaskClaimAsync(worker.Key, stamp.Number, Make.Never);
        Assert.False(recalled.Fenced);
        var task = Assert.Single(recalled.Tasks);
        Assert.Equal((lost.Attempt, lost.Number, lost.RunId, "input 2"), (task.Attempt, task.Number, task.RunId, Make.Text(task.Input)));
        Assert.Equal(first.Attempt, Assert.Single((await Store.RecallTaskClaimAsync(worker.Key, 1, Make.Never)).Tasks).Attempt);
        Assert.Empty((await Store.RecallTaskClaimAsync(worker.Key, stamp.Number + 1, Make.Never)).Tasks);
        Assert.Equal((run.Run, 2), (task.Attempt.Run, task.Attempt.Operation));
    }

    [Fact]
    public async Task RecallTaskClaim_TaskTakenInTime_HasNotExpiredSince()
    {
        var worker = await RegisterAsync();
        await StartWithTasksAsync(worker, Make.Task(1, startDeadline: In(3)));
        var stamp = worker.Stamp(lane: 0);
        Assert.False(Assert.Single((await Store.ClaimTasksAsync(new(stamp, [new("mail", 9)], 100), Make.Never)).Tasks).Expired);
        Pass(5);

        Assert.False(Assert.Single((await Store.RecallTaskClaimAsync(worker.Key, stamp.Number, Make.Never)).Tasks).Expired);
    }

    [Fact]
    public async Task RecallTaskClaim_TaskTakenTooLate_IsStillExpired()
    {
        var worker = await RegisterAsync();
        await StartWithTasksAsync(worker, Make.Task(1, startDeadline: In(3)));
        Pass(5);
        var stamp = worker.Stamp(lane: 0);
        Assert.True(Assert.Single((await Store.ClaimTasksAsync(new(stamp, [], 100), Make.Never)).Tasks).Expired);

        Assert.True(Assert.Single((await Store.RecallTaskClaimAsync(worker.Key, stamp.Number, Make.Never)).Tasks).Expired);
    }

    private static string Describe(BundleOutcome outcome)
    {
        var cancelled = string.Join(' ', outcome.CancelledTasks ?? []);
        return $"{outcome.Birth} inbox {outcome.Inbox} closed {outcome.Closed} released {outcome.Released} cancelled [{cancelled}]";
    }
}
