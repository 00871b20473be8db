using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Runs that are born by runs, and what runs send to each other.</summary>
public abstract partial class StoreContract
{
    private static RunBundle With(RunBundle bundle, IReadOnlyList<ChildBirth>? children = null, IReadOnlyList<OutgoingMessage>? messages = null, IReadOnlyList<OutgoingMessage>? atClose = null) => new()
    {
        Run = bundle.Run, Term = bundle.Term, BaseSequence = bundle.BaseSequence, Seen = bundle.Seen, Events = bundle.Events, Row = bundle.Row, Release = bundle.Release,
        Birth = bundle.Birth, Owned = bundle.Owned, Children = children ?? [], Messages = messages ?? [], Close = bundle.Close is null ? null : bundle.Close with { Messages = atClose ?? [] },
    };

    private async Task<ChildBirth> ChildAsync(long parent, string? id = null, string? startKey = null)
    {
        var key = await NewKeyAsync();
        return new()
        {
            Birth = Make.Birth(key, id: id, chosenId: id is not null, startKey: startKey, onConflict: ConflictPolicy.Fail), Parent = new(await IdAsync(parent), "top"),
            IfTaken = id is null && startKey is null ? null : Make.Message(parent, $"taken {key}", MessageKind.ChildEnd),
        };
    }

    private static RunBundle Continued(RunBundle bundle, RunBirth successor, IReadOnlyList<OutgoingMessage>? messages = null)
    {
        var with = With(bundle, atClose: messages);
        return new()
        {
            Run = with.Run, Term = with.Term, BaseSequence = with.BaseSequence, Seen = with.Seen, Events = with.Events, Close = with.Close! with { Result = Make.Bytes($"\"{successor.Id}\""), Successor = successor },
        };
    }

    private async Task<string> IdAsync(long run) => (await Store.ReadRunAsync(new(Key: run), Make.Never))!.Id;

    [Fact]
    public async Task CommitGroup_Children_AreBornUnownedWithTheirParentsEvents()
    {
        var worker = await RegisterAsync();
        var parent = await StartOwnedAsync(worker);
        var (first, second) = (await ChildAsync(parent.Run), await ChildAsync(parent.Run));
        var outcome = await worker.WriteAsync(With(parent.Append(2), children: [first, second]));

        Assert.Equal(0, outcome.Inbox);
        Assert.Equal("e0;e1;e2;", await HistoryAsync(parent.Run));
        var row = await ReadAsync(first.Birth.Key);
        Assert.Equal((RunStatus.Pending, 0, 0), (row.Status, row.Owner, row.Term));
        Assert.Equal([first.Birth.Key, second.Birth.Key], (await worker.ClaimRunsAsync()).Runs.Select(run => run.Row.Key).Order());
    }

    [Fact]
    public async Task CommitGroup_ChildOfABundleThatDoesNotFit_IsNotBorn()
    {
        var worker = await RegisterAsync();
        var parent = await StartOwnedAsync(worker);
        var child = await ChildAsync(parent.Run);
        var refused = await worker.CommitAsync(With(parent.Bundle(events: 1, term: parent.Term + 1), children: [child], messages: [Make.Message(parent.Run, "m")]));

        Assert.Equal(GroupVerdict.Refused, refused.Verdict);
        Assert.Null(await Store.ReadRunAsync(new(Key: child.Birth.Key), Make.Never));
        Assert.Equal(0, (await ReadAsync(parent.Run)).Inbox);
    }

    [Fact]
    public async Task CommitGroup_ChildOfAZombie_IsNotBorn()
    {
        var zombie = await RegisterAsync();
        var parent = await StartOwnedAsync(zombie);
        await KillAllAsync();
        var child = await ChildAsync(parent.Run);
        var fenced = await zombie.CommitAsync(With(parent.Append(), children: [child], messages: [Make.Message(parent.Run, "m")]));

        Assert.Equal(GroupVerdict.Fenced, fenced.Verdict);
        Assert.Null(await Store.ReadRunAsync(new(Key: child.Birth.Key), Make.Never));
        Assert.Equal(0, (await ReadAsync(parent.Run)).Inbox);
    }

    [Fact]
    public async Task CommitGroup_ChildWhoseKeyOrIdIsTaken_IsToldToItsParentInstead()
    {
        var worker = await RegisterAsync();
        var parent = await StartOwnedAsync(worker);
        await Store.StartRunsAsync([Make.Birth(await NewKeyAsync(), startKey: "k", queue: "other"), Make.Birth(await NewKeyAsync(), id: "chosen", chosenId: true, queue: "other")], Make.Never);
        var (keyed, chosen, free) = (await ChildAsync(parent.Run, startKey: "k"), await ChildAsync(parent.Run, id: "chosen"), await ChildAsync(parent.Run, startKey: "new"));
        var outcome = await worker.WriteAsync(With(parent.Append(), children: [keyed, chosen, free]));

        Assert.Equal(2, outcome.Inbox);
        var inbox = Assert.Single(await Store.ReadMessagesAsync(worker.Key, null, Make.Never));
        Assert.Equal([keyed.IfTaken!.Id, chosen.IfTaken!.Id], inbox.Messages.Select(message => message.Id));
        Assert.All(inbox.Messages, message => Assert.Equal(MessageKind.ChildEnd, message.Kind));
        Assert.Equal(free.Birth.Id, Assert.Single((await worker.ClaimRunsAsync()).Runs).Row.Id);
    }

    [Fact]
    public async Task CommitGroup_ChildOfABirthThatWasLost_IsNotBorn()
    {
        var worker = await RegisterAsync();
        var holder = Make.Birth(await NewKeyAsync(), startKey: "k");
        await Store.StartRunsAsync([holder], Make.Never);
        var (winner, loser) = (Make.Birth(await NewKeyAsync(), startKey: "free"), Make.Birth(await NewKeyAsync(), startKey: "k"));
        var (born, lost) = (await ChildAsync(holder.Key), await ChildAsync(holder.Key));
        var outcome = await worker.CommitAsync(
            With(new RunBundle { Run = winner.Key, Birth = winner, Owned = true, Term = 1, BaseSequence = 1 }, children: [born]),
            With(new RunBundle { Run = loser.Key, Birth = loser, Owned = true, Term = 1, BaseSequence = 1 }, children: [lost], messages: [Make.Message(holder.Key, "m")]));

        Assert.Equal([BirthVerdict.Created, BirthVerdict.Existing], outcome.Bundles.Select(bundle => bundle.Birth.Verdict));
        Assert.NotNull(await Store.ReadRunAsync(new(Key: born.Birth.Key), Make.Never));
        Assert.Null(await Store.ReadRunAsync(new(Key: lost.Birth.Key), Make.Never));
        Assert.Equal(0, (await ReadAsync(holder.Key)).Inbox);
    }

    [Fact]
    public async Task CommitGroup_Messages_ReachRunsOfOthersAndTheChildrenOfTheSameGroup()
    {
        var worker = await RegisterAsync();
        var parent = await StartOwnedAsync(worker);
        var target = Make.Birth(await NewKeyAsync(), due: Instant.Never, queue: "other");
        await Store.StartRunsAsync([target], Make.Never);
        var child = await ChildAsync(parent.Run);
        Pass(1);
        await worker.WriteAsync(With(parent.Append(), children: [child], messages:
        [
            Make.Message(target.Key, "by key"), new() { RunId = child.Birth.Id, Id = "by id", Kind = MessageKind.Cancel, Payload = Make.Bytes("{}") },
            new() { RunId = "nobody", Id = "lost", Kind = MessageKind.Signal, Name = "go" },
        ]));

        Assert.Equal((1, Now), ((await ReadAsync(target.Key)).Inbox, (await ReadAsync(target.Key)).DueAt));
        Assert.Equal("by id", Assert.Single(Assert.Single((await worker.ClaimRunsAsync()).Runs).Messages).Id);
    }

    [Fact]
    public async Task CommitGroup_MessageToAChild_ReachesNoOtherRun()
    {
        var worker = await RegisterAsync();
        var parent = await StartOwnedAsync(worker);
        var stranger = Make.Birth(await NewKeyAsync(), due: Instant.Never, queue: "other");
        await Store.StartRunsAsync([stranger], Make.Never);
        var child = await ChildAsync(parent.Run);
        OutgoingMessage To(string id) => new() { RunId = id, Id = "m", Kind = MessageKind.Cancel, ToChild = true };
        await worker.WriteAsync(With(parent.Append(), children: [child], messages: [To(child.Birth.Id), To(stranger.Id), To("nobody"), To(await IdAsync(parent.Run))]));

        Assert.Equal(1, (await ReadAsync(child.Birth.Key)).Inbox);
        Assert.Equal(0, (await ReadAsync(stranger.Key)).Inbox);
        Assert.Equal(0, (await ReadAsync(parent.Run)).Inbox);
    }

    [Fact]
    public async Task CommitGroup_MessagesOfAClose_AreSentOnlyIfItHappens()
    {
        var worker = await RegisterAsync();
        var (run, target) = (await StartOwnedAsync(worker), await StartOwnedAsync(worker));
        await PostAsync(Make.Message(run.Run, "unread"));
        var refused = await worker.WriteAsync(With(run.Bundle(close: RunStatus.Completed), messages: [Make.Message(target.Run, "always")], atClose: [Make.Message(target.Run, "end")]));
        Assert.False(refused.Closed);
        Assert.Equal(1, (await ReadAsync(target.Run)).Inbox);

        run.Seen = 1;
        var closed = await worker.WriteAsync(With(run.Bundle(close: RunStatus.Completed), atClose: [Make.Message(target.Run, "end"), Make.Message(run.Run, "itself")]));
        Assert.True(closed.Closed);
        var inbox = (await Store.ReadMessagesAsync(worker.Key, [target.Run], Make.Never))[0];
        Assert.Equal(["always", "end"], inbox.Messages.Select(message => message.Id));
        Assert.Equal(1, (await ReadAsync(run.Run)).Inbox);
    }

    [Fact]
    public async Task CommitGroup_EndOfAChild_SaysWhetherItsParentHasEndedBefore()
    {
        var worker = await RegisterAsync();
        var (live, over, gone, chain) = (await StartOwnedAsync(worker), await StartOwnedAsync(worker), await StartOwnedAsync(worker), await StartOwnedAsync(worker));
        await CloseAsync(worker, over);
        await CloseAsync(worker, gone);
        await Store.DeleteRunsAsync([await IdAsync(gone.Run)], Make.Never);
        await worker.WriteAsync(Continued(chain.Bundle(close: RunStatus.ContinuedAsNew), Make.Birth(await NewKeyAsync())));

        var outcomes = new List<bool>();
        foreach (var parent in new[] { live, over, gone, chain })
        {
            var child = await StartOwnedAsync(worker);
            var stamp = worker.Stamp();
            var group = new RunGroup(stamp, [With(child.Bundle(close: RunStatus.Completed), atClose: [Make.Message(parent.Run, $"end of {child.Run}", MessageKind.ChildEnd)])]);
            var outcome = Assert.Single((await Store.CommitGroupAsync(group, Make.Never)).Bundles);
            worker.Confirm(stamp);
            Assert.Equal(outcome, Assert.Single((await Store.RecallGroupAsync(group, Make.Never)).Bundles) with { Birth = outcome.Birth });
            outcomes.Add(outcome.EndUnheard);
        }
        // One that goes on as another hears of it there.
        Assert.Equal([false, true, true, false], outcomes);

        // Both end in one group, and whoever does not end hears nothing yet.
        var (parents, open, last) = (await StartOwnedAsync(worker), await StartOwnedAsync(worker), await StartOwnedAsync(worker));
        await PostAsync(Make.Message(open.Run, "unread"));
        RunBundle End(Holding child) => With(child.Bundle(close: RunStatus.Completed), atClose: [Make.Message(parents.Run, $"end of {child.Run}", MessageKind.ChildEnd)]);
        var together = await worker.CommitAsync(End(open), parents.Bundle(close: RunStatus.Completed), End(last));
        Assert.Equal([(false, false), (true, false), (true, true)], together.Bundles.Select(static bundle => (bundle.Closed, bundle.EndUnheard)));
    }

    [Fact]
    public async Task CommitGroup_MessageToARunThatIsReleasedInTheSameGroup_MakesItDue()
    {
        var worker = await RegisterAsync();
        var (child, parent) = (await StartOwnedAsync(worker), await StartOwnedAsync(worker));
        var outcome = await worker.CommitAsync(
            With(child.Bundle(close: RunStatus.Completed), atClose: [Make.Message(parent.Run, "end", MessageKind.ChildEnd)]), parent.Release(RunStatus.Suspended, Instant.Never));

        Assert.Equal([true, false], outcome.Bundles.Select(bundle => bundle.Closed));
        Assert.True(outcome.Bundles[1].Released);
        Assert.Equal("end", Assert.Single(Assert.Single((await worker.ClaimRunsAsync()).Runs).Messages).Id);
    }

    [Fact]
    public async Task CommitGroup_TheSameMessageTwice_IsOne()
    {
        var worker = await RegisterAsync();
        var (run, target) = (await StartOwnedAsync(worker), await StartOwnedAsync(worker));
        await worker.WriteAsync(With(run.Append(), messages: [Make.Message(target.Run, "m"), Make.Message(target.Run, "m")]));

        Assert.Equal(1, (await ReadAsync(target.Run)).Inbox);
    }

    [Fact]
    public async Task RecallGroup_WithChildren_SaysWhatWasSaid()
    {
        var worker = await RegisterAsync();
        var parent = await StartOwnedAsync(worker);
        var group = new RunGroup(worker.Stamp(), [With(parent.Append(), children: [await ChildAsync(parent.Run)], messages: [Make.Message(parent.Run, "self")])]);
        var outcome = await Store.CommitGroupAsync(group, Make.Never);

        Assert.Equal(GroupVerdict.Committed, outcome.Verdict);
        Assert.Equal(1, Assert.Single((await Store.RecallGroupAsync(group, Make.Never)).Bundles).Inbox);
    }

    [Fact]
    public async Task ListAndCountRuns_FindChildrenByParentAndRoot()
    {
        var worker = await RegisterAsync();
        var parent = await StartOwnedAsync(worker);
        var parentId = await IdAsync(parent.Run);
        var (first, second) = (await ChildAsync(parent.Run), await ChildAsync(parent.Run));
        await worker.WriteAsync(With(parent.Append(), children: [first, second]));
        var held = (await worker.ClaimRunsAsync()).Runs.Select(Holding.Of).ToArray();
        await worker.WriteAsync(held[0].Bundle(close: RunStatus.Failed));

        Assert.Equal(2, (await Store.ListRunsAsync(new() { Parent = parentId }, Make.Never)).Runs.Count);
        Assert.Equal(2, (await Store.ListRunsAsync(new() { Root = "top" }, Make.Never)).Runs.Count);
        Assert.Empty((await Store.ListRunsAsync(new() { Root = parentId }, Make.Never)).Runs);
        Assert.Equal(parentId, Assert.Single((await Store.ListRunsAsync(new() { TopLevelOnly = true }, Make.Never)).Runs).Id);
        Assert.Single((await Store.ListRunsAsync(new() { Parent = parentId, Statuses = [RunStatus.Failed] }, Make.Never)).Runs);
        var counts = await Store.CountRunsAsync(new() { Parent = parentId, Limit = 1 }, Make.Never);
        Assert.Equal([(RunStatus.Running, 1), (RunStatus.Failed, 1)], counts.OrderBy(count => count.Key).Select(count => (count.Key, count.Value)));
        Assert.Equal(3, (await Store.CountRunsAsync(new(), Make.Never)).Values.Sum());
    }

    [Fact]
    public async Task WhatASchedulesRunHasStarted_IsNobodysChildInListsAndForRetention()
    {
        var worker = await RegisterAsync();
        var schedule = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), workflow: "_schedule"));
        var started = await ChildAsync(schedule.Run);
        await worker.WriteAsync(With(schedule.Append(), children: [started]));
        var run = Holding.Of(Assert.Single((await worker.ClaimRunsAsync()).Runs));
        var below = await ChildAsync(run.Run);
        await worker.WriteAsync(With(run.Append(), children: [below]));
        var top = new RunQuery { TopLevelOnly = true, OmitsEngineRuns = true };

        Assert.Equal(started.Birth.Id, Assert.Single((await Store.ListRunsAsync(top, Make.Never)).Runs).Id);
        Assert.Equal(1, (await Store.CountRunsAsync(top, Make.Never)).Values.Sum());
        Assert.Equal(2, (await Store.ListRunsAsync(new() { Root = "top" }, Make.Never)).Runs.Count);
        Assert.Equal(started.Birth.Id, Assert.Single((await Store.ListRunsAsync(new() { Parent = await IdAsync(schedule.Run) }, Make.Never)).Runs).Id);

        await worker.WriteAsync(run.Bundle(next: run.Next + 1, close: RunStatus.Completed));
        var purge = new RunPurge { Rules = [new(RunStatus.Completed, TimeSpan.Zero)], Limit = 10 };
        Assert.Equal(0, (await Store.PurgeRunsAsync(purge, Make.Never)).Count);
        await CloseAsync(worker, await worker.ClaimOneAsync());
        // The schedule lives on, but keeps nothing.
        Assert.Equal([DeleteVerdict.Deleted], await Store.DeleteRunsAsync([below.Birth.Id], Make.Never));
        Assert.Equal(1, (await Store.PurgeRunsAsync(purge, Make.Never)).Count);
        Assert.Null(await Store.ReadRunAsync(new(Key: started.Birth.Key), Make.Never));
        Assert.Equal(RunStatus.Running, (await ReadAsync(schedule.Run)).Status);
    }

    [Fact]
    public async Task ListRuns_ChildWhoseParentWasDeleted_IsTopLevel()
    {
        var worker = await RegisterAsync();
        var parent = await StartOwnedAsync(worker);
        var child = await ChildAsync(parent.Run);
        await worker.WriteAsync(With(parent.Append(), children: [child]));
        await CloseAsync(worker, await worker.ClaimOneAsync());
        parent.Next++;
        await CloseAsync(worker, parent);
        Assert.Equal([DeleteVerdict.Deleted], await Store.DeleteRunsAsync([await IdAsync(parent.Run)], Make.Never));

        Assert.Equal(child.Birth.Id, Assert.Single((await Store.ListRunsAsync(new() { TopLevelOnly = true }, Make.Never)).Runs).Id);
    }

    [Fact]
    public async Task I13_DeleteAndPurge_LeaveChildrenOfLiveRunsAndRunsWithLiveChildren()
    {
        var worker = await RegisterAsync();
        var parent = await StartOwnedAsync(worker);
        var parentId = await IdAsync(parent.Run);
        var (ended, live) = (await ChildAsync(parent.Run), await ChildAsync(parent.Run));
        await worker.WriteAsync(With(parent.Bundle(), children: [ended, live]));
        var held = (await worker.ClaimRunsAsync()).Runs.ToDictionary(run => run.Row.Key, Holding.Of);
        await worker.WriteAsync(held[ended.Birth.Key].Bundle(close: RunStatus.Completed));
        var purge = new RunPurge { Rules = [new(RunStatus.Completed, TimeSpan.Zero)], Limit = 10 };

        Assert.Equal([DeleteVerdict.InUse, DeleteVerdict.Live], await Store.DeleteRunsAsync([ended.Birth.Id, parentId], Make.Never));
        Assert.Equal(0, (await Store.PurgeRunsAsync(purge, Make.Never)).Count);
        await worker.WriteAsync(parent.Bundle(close: RunStatus.Completed));
        Assert.Equal([DeleteVerdict.InUse], await Store.DeleteRunsAsync([parentId], Make.Never));
        Assert.Equal(1, (await Store.PurgeRunsAsync(purge, Make.Never)).Count);
        Assert.Null(await Store.ReadRunAsync(new(Key: ended.Birth.Key), Make.Never));
        await worker.WriteAsync(held[live.Birth.Key].Bundle(close: RunStatus.Completed));
        Assert.Equal([DeleteVerdict.Deleted, DeleteVerdict.Deleted], await Store.DeleteRunsAsync([parentId, live.Birth.Id], Make.Never));
    }

    [Fact]
    public async Task ReopenRun_ThatALiveRunOfTheEngineHasStarted_IsReopened()
    {
        var worker = await RegisterAsync();
        var schedule = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), workflow: "_schedule"));
        var child = await ChildAsync(schedule.Run);
        await worker.WriteAsync(With(schedule.Bundle(), children: [child]));
        await worker.WriteAsync((await worker.ClaimOneAsync()).Bundle(close: RunStatus.Failed));

        Assert.Equal(PostVerdict.Accepted, (await Store.ReopenRunAsync(Make.Message(child.Birth.Key, "again", MessageKind.Reopen), Make.Never)).Verdict);
        Assert.Equal(child.Birth.Key, (await worker.ClaimOneAsync()).Run);
    }

    [Fact]
    public async Task ReopenRun_ChildOfALiveRun_IsRefused()
    {
        var worker = await RegisterAsync();
        var parent = await StartOwnedAsync(worker);
        var child = await ChildAsync(parent.Run);
        await worker.WriteAsync(With(parent.Bundle(), children: [child]));
        var held = await worker.ClaimOneAsync();
        await worker.WriteAsync(held.Bundle(close: RunStatus.Failed));

        Assert.Equal(PostVerdict.ParentLive, (await Store.ReopenRunAsync(Make.Message(child.Birth.Key, "again", MessageKind.Reopen), Make.Never)).Verdict);
        Assert.Equal(RunStatus.Failed, (await ReadAsync(child.Birth.Key)).Status);
        await worker.WriteAsync(parent.Bundle(close: RunStatus.Failed));
        Assert.Equal(PostVerdict.Accepted, (await Store.ReopenRunAsync(Make.Message(child.Birth.Key, "again", MessageKind.Reopen), Make.Never)).Verdict);
    }
}
