using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Runs that go on in each other's place.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task CommitGroup_Successor_IsBornIfTheRunCloses()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var (lost, successor) = (Make.Birth(await NewKeyAsync()), Make.Birth(await NewKeyAsync()));
        await PostAsync(Make.Message(run.Run, "unread"));
        Assert.False((await worker.WriteAsync(Continued(run.Bundle(close: RunStatus.ContinuedAsNew), lost))).Closed);
        Assert.Null(await Store.ReadRunAsync(new(Key: lost.Key), Make.Never));

        run.Seen = 1;
        Assert.True((await worker.WriteAsync(Continued(run.Bundle(close: RunStatus.ContinuedAsNew), successor))).Closed);
        Assert.Equal(RunStatus.ContinuedAsNew, (await ReadAsync(run.Run)).Status);
        Assert.Equal(successor.Id, Assert.Single((await worker.ClaimRunsAsync()).Runs).Row.Id);
    }

    [Fact]
    public async Task K6_ReadChain_FromAnyMember_GivesAllInOrder()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var ids = new List<string> { await IdAsync(run.Run) };
        for (var i = 0; i < 3; i++)
        {
            // Created later by the clock and earlier by the id, so that only the chain tells the order.
            var successor = Make.Birth(await NewKeyAsync(), id: $"{(char)('z' - i)}", createdAt: new(1_000_000));
            await worker.WriteAsync(Continued(run.Bundle(close: RunStatus.ContinuedAsNew), successor));
            ids.Add(successor.Id);
            run = await worker.ClaimOneAsync();
        }
        foreach (var id in ids) Assert.Equal(ids, (await Store.ReadChainAsync(id, Make.Never)).Select(member => member.Id));
        Assert.Equal([RunStatus.ContinuedAsNew, RunStatus.ContinuedAsNew, RunStatus.ContinuedAsNew, RunStatus.Running], (await Store.ReadChainAsync(ids[1], Make.Never)).Select(member => member.Status));
        Assert.Empty(await Store.ReadChainAsync("nobody", Make.Never));
        var alone = Make.Birth(await NewKeyAsync());
        await Store.StartRunsAsync([alone], Make.Never);
        Assert.Equal(alone.Id, Assert.Single(await Store.ReadChainAsync(alone.Id, Make.Never)).Id);
    }

    [Fact]
    public async Task PostMessages_ToARunThatWasContinued_ReachWhoGoesOn()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var (first, second) = (Make.Birth(await NewKeyAsync()), Make.Birth(await NewKeyAsync()));
        await worker.WriteAsync(Continued(run.Bundle(close: RunStatus.ContinuedAsNew), first));
        var held = await worker.ClaimOneAsync();
        await worker.WriteAsync(Continued(held.Bundle(close: RunStatus.ContinuedAsNew), second, [Make.Message(run.Run, "at the end")]));

        var posted = await Store.PostMessagesAsync([Make.Message(run.Run, "m"), Make.Message(first.Key, "m"), Make.Message(second.Key, "n")], Make.Never);
        Assert.Equal([PostVerdict.Accepted, PostVerdict.Duplicate, PostVerdict.Accepted], posted.Select(outcome => outcome.Verdict));
        Assert.All(posted, outcome => Assert.Equal(second.Key, outcome.RunKey));
        var last = Assert.Single((await worker.ClaimRunsAsync()).Runs);
        Assert.Equal(["at the end", "m", "n"], last.Messages.Select(message => message.Id));
        await worker.WriteAsync(new Holding(second.Key, 1, 1, 3).Bundle(close: RunStatus.Completed, consumed: [1, 2, 3]));
        Assert.Equal(PostVerdict.Closed, (await Store.PostMessagesAsync([Make.Message(run.Run, "late")], Make.Never))[0].Verdict);
        Assert.Equal(PostVerdict.Closed, (await Store.ReopenRunAsync(Make.Message(run.Run, "again", MessageKind.Reopen), Make.Never)).Verdict);
    }

    [Fact]
    public async Task CommitGroup_Successor_TakesOverTheStartKey()
    {
        var worker = await RegisterAsync();
        var birth = Make.Birth(await NewKeyAsync(), startKey: "k");
        await worker.WriteAsync(new RunBundle { Run = birth.Key, Birth = birth, Owned = true, Term = 1, BaseSequence = 1 });
        var successor = Make.Birth(await NewKeyAsync());
        await worker.WriteAsync(Continued(new Holding(birth.Key, 1, 1).Bundle(close: RunStatus.ContinuedAsNew), successor));

        var found = await Store.ReadRunAsync(new(StartKey: "k"), Make.Never);
        Assert.Equal((successor.Id, "k"), (found!.Id, found.StartKey));
        var again = (await Store.StartRunsAsync([Make.Birth(await NewKeyAsync(), startKey: "k")], Make.Never))[0];
        Assert.Equal((BirthVerdict.Existing, successor.Id), (again.Verdict, again.Id));
    }

    [Fact]
    public async Task CommitGroup_Successor_IsAChildAndAParentInTheRunsPlace()
    {
        var worker = await RegisterAsync();
        var parent = await StartOwnedAsync(worker);
        var middle = await ChildAsync(parent.Run);
        await worker.WriteAsync(With(parent.Bundle(), children: [middle]));
        var held = await worker.ClaimOneAsync();
        var leaf = await ChildAsync(middle.Birth.Key);
        await worker.WriteAsync(With(held.Bundle(), children: [leaf]));
        var leafHeld = await worker.ClaimOneAsync();
        var successor = Make.Birth(await NewKeyAsync());
        await worker.WriteAsync(Continued(held.Bundle(close: RunStatus.ContinuedAsNew), successor));

        Assert.Equal(2, (await Store.ListRunsAsync(new() { Parent = await IdAsync(parent.Run) }, Make.Never)).Runs.Count);
        await worker.WriteAsync(leafHeld.Bundle(close: RunStatus.Completed));
        Assert.Equal([DeleteVerdict.InUse, DeleteVerdict.Live], await Store.DeleteRunsAsync([leaf.Birth.Id, successor.Id], Make.Never));
        var next = await worker.ClaimOneAsync();
        OutgoingMessage order = new() { RunId = leaf.Birth.Id, Id = "x", Kind = MessageKind.Cancel, ToChild = true };
        await worker.WriteAsync(With(next.Bundle(close: RunStatus.Completed), atClose: [order]));
        Assert.Equal([DeleteVerdict.Deleted], await Store.DeleteRunsAsync([leaf.Birth.Id], Make.Never));
        Assert.Equal([DeleteVerdict.InUse], await Store.DeleteRunsAsync([successor.Id], Make.Never));
    }
}
