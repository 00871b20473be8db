using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Groups of one run that is only born or only ends: a store may have a short way for them, on which nothing may be forgotten.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task LoneBirth_OnAHeldQueue_IsRefused()
    {
        var worker = await RegisterAsync();
        await Store.ChangeQueueAsync(new("paused") { Paused = true }, Make.Never);
        await Store.ChangeQueueAsync(new("full") { MaxConcurrency = 1 }, Make.Never);
        await Store.ChangeQueueAsync(new("keyed") { MaxPerKey = 1 }, Make.Never);
        await Store.ChangeQueueAsync(new("aged") { AgeAfter = TimeSpan.FromSeconds(1) }, Make.Never);
        foreach (var queue in new[] { "paused", "full", "keyed" })
        {
            var birth = Make.Birth(await NewKeyAsync(), queue: queue);
            await AssertRefusedAsync(worker, RefusalReason.QueueHeld, Some.Owned(birth));
            Assert.Null(await Store.ReadRunAsync(new(Key: birth.Key), Make.Never));
        }
        await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), queue: "aged"));
    }

    [Fact]
    public async Task LoneBirth_WhereARunIsAlready_FindsThatOne()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var again = await worker.WriteAsync(Some.Owned(Make.Birth(run.Run)));

        Assert.NotEqual(BirthVerdict.Created, again.Birth.Verdict);
        Assert.Equal("e0;", await HistoryAsync(run.Run));
    }

    [Fact]
    public async Task LoneBirthAndClose_OnABrokenChain_AreFenced()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var birth = Make.Birth(await NewKeyAsync());
        var end = run.Bundle(close: RunStatus.Completed, keepQueued: true);
        LaneStamp[] stamps = [new(worker.Key, 1, 50, 0), new(worker.Key, 1, 50, 49), new(worker.Key + 7, 1, 9, 0), new(worker.Key, 3, 9, 0)];
        foreach (var stamp in stamps)
        {
            Assert.Equal(GroupVerdict.Fenced, (await Store.CommitGroupAsync(new(stamp, [Some.Owned(birth)]), Make.Never)).Verdict);
            Assert.Equal(GroupVerdict.Fenced, (await Store.CommitGroupAsync(new(stamp, [end]), Make.Never)).Verdict);
        }
        // A group that was given up never comes through.
        var late = worker.Stamp();
        Assert.False(await Store.ResolveAsync(late.Worker, late.Lane, late.Number, Make.Never));
        Assert.Equal(GroupVerdict.Fenced, (await Store.CommitGroupAsync(new(late, [Some.Owned(birth)]), Make.Never)).Verdict);
        Assert.Equal(GroupVerdict.Fenced, (await Store.CommitGroupAsync(new(late, [end]), Make.Never)).Verdict);
        Assert.Null(await Store.ReadRunAsync(new(Key: birth.Key), Make.Never));

        Pass(Lease.TotalSeconds + 1);
        await FenceAsync(batch: 0);
        Assert.Equal(GroupVerdict.Fenced, (await worker.CommitAsync(Some.Owned(birth))).Verdict);
        Assert.Equal(GroupVerdict.Fenced, (await worker.CommitAsync(end)).Verdict);
        Assert.Equal((RunStatus.Running, worker.Key, "e0;"), ((await ReadAsync(run.Run)).Status, (await ReadAsync(run.Run)).Owner, await HistoryAsync(run.Run)));
    }

    [Fact]
    public async Task LoneClose_ThatDoesNotFit_IsRefused()
    {
        var (worker, other) = (await RegisterAsync(), await RegisterAsync());
        var run = await StartOwnedAsync(worker);

        await AssertRefusedAsync(worker, RefusalReason.NotOwned, run.Bundle(close: RunStatus.Completed, keepQueued: true, term: 2));
        await AssertRefusedAsync(other, RefusalReason.NotOwned, run.Bundle(close: RunStatus.Completed, keepQueued: true));
        await AssertRefusedAsync(worker, RefusalReason.NotOwned, run.Bundle(close: RunStatus.Completed, keepQueued: true, next: 0));
        await AssertRefusedAsync(worker, RefusalReason.TooEarly, run.Bundle(close: RunStatus.Completed, keepQueued: true, notBefore: In(1)));
        await PostAsync(Make.Message(run.Run, "m1"));
        await AssertRefusedAsync(worker, RefusalReason.UnreadMessages, run.Bundle(close: RunStatus.Completed, keepQueued: true, requireSeen: true));
        Assert.Equal((RunStatus.Running, "e0;"), ((await ReadAsync(run.Run)).Status, await HistoryAsync(run.Run)));
    }

    [Fact]
    public async Task LoneClose_WithAnUnreadMessage_WritesTheRestOnly()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await PostAsync(Make.Message(run.Run, "m1"));
        var outcome = await worker.WriteAsync(run.Bundle(events: 1, close: RunStatus.Completed, keepQueued: true));

        Assert.Equal((1L, false), (outcome.Inbox, outcome.Closed));
        Assert.Equal((RunStatus.Running, worker.Key), ((await ReadAsync(run.Run)).Status, (await ReadAsync(run.Run)).Owner));
        Assert.Equal("e0;e1;", await HistoryAsync(run.Run));
    }

    [Fact]
    public async Task LoneClose_WritesAllThatItSays_AndLeavesTheRest()
    {
        var worker = await RegisterAsync();
        var (quiet, loud) = (await StartOwnedAsync(worker), await StartOwnedAsync(worker));
        await worker.WriteAsync(quiet.Bundle(row: Holding.Row(RunStatus.Running, Now) with { Phase = RunPhase.Cancelling, Published = Make.Bytes("{\"s\":1}") }));
        Pass(1);

        var outcome = await worker.WriteAsync(quiet.Bundle(events: 2, close: RunStatus.Completed, keepQueued: true, notBefore: Now));
        Assert.Equal((true, false, 0L), (outcome.Closed, outcome.Released, outcome.Inbox));
        var row = await ReadAsync(quiet.Run);
        Assert.Equal((RunStatus.Completed, RunPhase.Cancelling, 0L, 4, Instant.Never), (row.Status, row.Phase, row.Owner, row.Events, row.DueAt));
        Assert.Equal((new Instant(5_000_000), Now, "42", "", "", "{\"s\":1}"),
            (row.ClosedAt, row.UpdatedAt, Make.Text(row.Result), Make.Text(row.Failure), Make.Text(row.Waiting), Make.Text(row.Published)));
        Assert.Equal("e0;e1;e2;end3;", await HistoryAsync(quiet.Run));

        var last = Holding.Row(RunStatus.Running, Now) with { Phase = RunPhase.Normal, Published = Make.Bytes("{\"s\":2}") };
        Assert.True((await worker.WriteAsync(loud.Bundle(row: last, close: RunStatus.Failed, keepQueued: true))).Closed);
        row = await ReadAsync(loud.Run);
        Assert.Equal((RunStatus.Failed, RunPhase.Normal, "", "{\"code\":\"x\"}", "{\"s\":2}", ""),
            (row.Status, row.Phase, Make.Text(row.Result), Make.Text(row.Failure), Make.Text(row.Published), Make.Text(row.Waiting)));
    }
}
