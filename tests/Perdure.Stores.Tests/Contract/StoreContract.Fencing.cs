using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Lanes: what may be written at all, and what became of an attempt whose answer was lost.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task Fencing_ZombieAfterTakeover_WritesNothing()
    {
        var zombie = await RegisterAsync();
        var run = await StartOwnedAsync(zombie);
        var tasks = await StartWithTasksAsync(zombie, Make.Task(1, claimed: true), Make.Task(2, claimed: true));
        await KillAllAsync();
        var heir = await RegisterAsync();
        var taken = (await heir.ClaimRunsAsync()).Runs.Single(claimed => claimed.Row.Key == run.Run);
        await heir.WriteAsync(Holding.Of(taken).Append());
        var waiting = await StartAsync();
        var attempt = new TaskAttempt(tasks.Run, 1, 1);

        Assert.Equal(GroupVerdict.Fenced, (await zombie.CommitAsync(run.Append())).Verdict);
        Assert.Equal(GroupVerdict.Fenced, (await zombie.CommitAsync(run.Bundle(close: RunStatus.Failed))).Verdict);
        Assert.Equal((true, 0), await Shape(zombie.ClaimRunsAsync()));
        var claim = await zombie.ClaimTasksAsync();
        Assert.Equal((true, 0), (claim.Fenced, claim.Tasks.Count));
        Assert.True((await zombie.CompleteAsync(Make.Completion(attempt))).Fenced);

        Assert.Equal("e0;e1;", await HistoryAsync(run.Run));
        Assert.Equal((heir.Key, 2), await OwnerAsync(run.Run));
        Assert.Equal((0L, 0), await OwnerAsync(waiting));
        Assert.Equal(0, (await ReadAsync(tasks.Run)).Inbox);

        static async Task<(bool, int)> Shape(Task<ClaimedRuns> claim) => ((await claim).Fenced, (await claim).Runs.Count);
    }

    [Fact]
    public async Task Fencing_WorkerMarkedDeadButNotYetFreed_WritesNothing()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        Pass(Lease.TotalSeconds + 1);
        Assert.Equal(new FenceReport(1, 0, 0), await FenceAsync(batch: 0));

        Assert.Equal(worker.Key, (await ReadAsync(run.Run)).Owner);
        Assert.Equal(GroupVerdict.Fenced, (await worker.CommitAsync(run.Append())).Verdict);
        Assert.Equal("e0;", await HistoryAsync(run.Run));
    }

    [Fact]
    public async Task Fencing_BrokenChain_IsFenced()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);

        // Attempt 1 was committed; this one believes that none was, as after a failover that lost the last groups.
        var stale = new LaneStamp(worker.Key, 1, 50, 0);
        Assert.Equal(GroupVerdict.Fenced, (await Store.CommitGroupAsync(new(stale, [run.Append()]), Make.Never)).Verdict);
        var ahead = new LaneStamp(worker.Key, 1, 50, 49);
        Assert.Equal(GroupVerdict.Fenced, (await Store.CommitGroupAsync(new(ahead, [run.Append()]), Make.Never)).Verdict);

        Assert.Equal("e0;", await HistoryAsync(run.Run));
        Assert.Equal(GroupVerdict.Committed, (await worker.CommitAsync(run.Append())).Verdict);
    }

    [Fact]
    public async Task Fencing_UnknownWorkerOrLane_IsFenced()
    {
        var worker = await RegisterAsync(lanes: 2);
        var run = await StartOwnedAsync(worker);
        LaneStamp[] stamps = [new(worker.Key + 7, 1, 9, 0), new(worker.Key, 3, 9, 0), new(worker.Key, -1, 9, 0)];

        foreach (var stamp in stamps)
        {
            Assert.Equal(GroupVerdict.Fenced, (await Store.CommitGroupAsync(new(stamp, [run.Append()]), Make.Never)).Verdict);
            Assert.False(await Store.ResolveAsync(stamp.Worker, stamp.Lane, stamp.Number, Make.Never));
        }
    }

    [Fact]
    public async Task Fencing_LanesOfOneWorker_AreIndependent()
    {
        var worker = await RegisterAsync(lanes: 2);
        var run = await StartOwnedAsync(worker);
        var first = worker.Stamp(lane: 2);
        Assert.False(await Store.ResolveAsync(worker.Key, 1, 40, Make.Never));

        Assert.Equal(GroupVerdict.Committed, (await Store.CommitGroupAsync(new(first, [run.Append()]), Make.Never)).Verdict);
        Assert.Equal(GroupVerdict.Fenced, (await worker.CommitAsync(run.Bundle(events: 1, next: 2))).Verdict);
        Assert.False((await worker.ClaimRunsAsync()).Fenced);
    }

    [Fact]
    public async Task Resolve_AttemptThatLandsLater_KeepsItOut()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var late = worker.Stamp();

        Assert.False(await Store.ResolveAsync(worker.Key, 1, late.Number, Make.Never));
        Assert.Equal(GroupVerdict.Fenced, (await Store.CommitGroupAsync(new(late, [run.Append()]), Make.Never)).Verdict);
        Assert.False(await Store.ResolveAsync(worker.Key, 1, late.Number, Make.Never));
        Assert.Equal("e0;", await HistoryAsync(run.Run));
        Assert.Equal(GroupVerdict.Committed, (await worker.CommitAsync(run.Append())).Verdict);
    }

    [Fact]
    public async Task Resolve_CommittedAttempt_SaysSoAgainAndAgain()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var stamp = worker.Stamp();
        Assert.Equal(GroupVerdict.Committed, (await Store.CommitGroupAsync(new(stamp, [run.Append()]), Make.Never)).Verdict);
        worker.Confirm(stamp);
        run.Next++;
        var other = await OpenAnotherAsync();

        Assert.True(await Store.ResolveAsync(worker.Key, 1, stamp.Number, Make.Never));
        Assert.True(await other.ResolveAsync(worker.Key, 1, stamp.Number, Make.Never));
        Assert.Equal(GroupVerdict.Committed, (await worker.CommitAsync(run.Append())).Verdict);
    }

    [Fact]
    public async Task Resolve_AfterTheWorkerDied_StillKnowsBothAnswers()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var landed = worker.Stamp();
        Assert.Equal(GroupVerdict.Committed, (await Store.CommitGroupAsync(new(landed, [run.Append()]), Make.Never)).Verdict);
        worker.Confirm(landed);
        var lost = worker.Stamp();
        await KillAllAsync();

        Assert.Equal(GroupVerdict.Fenced, (await Store.CommitGroupAsync(new(lost, [run.Bundle(events: 1, next: 2)]), Make.Never)).Verdict);
        Assert.True(await Store.ResolveAsync(worker.Key, 1, landed.Number, Make.Never));
        Assert.False(await Store.ResolveAsync(worker.Key, 1, lost.Number, Make.Never));
        Assert.True(await Store.ResolveAsync(worker.Key, 1, landed.Number, Make.Never));
    }

    [Fact]
    public async Task Resolve_ControlLane_KeepsALateClaimOut()
    {
        var worker = await RegisterAsync();
        var run = await StartAsync();
        var late = worker.Stamp(lane: 0);

        Assert.False(await Store.ResolveAsync(worker.Key, 0, late.Number, Make.Never));
        Assert.True((await Store.ClaimRunsAsync(new(late, ["default"], 10, 10), Make.Never)).Fenced);
        Assert.Equal((0L, 0), await OwnerAsync(run));
        Assert.Equal(run, (await worker.ClaimOneAsync()).Run);
    }

    [Fact]
    public async Task Fencing_RefusedGroup_LeavesTheChainWhereItWas()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var refused = worker.Stamp();

        Assert.Equal(GroupVerdict.Refused, (await Store.CommitGroupAsync(
            new(refused, [run.Bundle(events: 1, next: 0)]), Make.Never)).Verdict);
        Assert.False(await Store.ResolveAsync(worker.Key, 1, refused.Number, Make.Never));
        Assert.Equal(GroupVerdict.Committed, (await worker.CommitAsync(run.Append())).Verdict);
    }

    [Fact]
    public async Task Fencing_EmptyClaimsAndReports_MoveTheChainToo()
    {
        var worker = await RegisterAsync();
        var claim = worker.Stamp(lane: 0);
        Assert.False((await Store.ClaimRunsAsync(new(claim, ["default"], 10, 10), Make.Never)).Fenced);

        Assert.True(await Store.ResolveAsync(worker.Key, 0, claim.Number, Make.Never));
        var unchained = new LaneStamp(worker.Key, 0, claim.Number + 1, 0);
        Assert.True((await Store.CompleteTasksAsync(unchained, [], Make.Never)).Fenced);
        Assert.False((await Store.CompleteTasksAsync(unchained with { Previous = claim.Number }, [], Make.Never)).Fenced);
    }

    private async Task<(long Owner, int Term)> OwnerAsync(long run)
    {
        var row = await ReadAsync(run);
        return (row.Owner, row.Term);
    }
}
