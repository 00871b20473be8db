using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>How long a start key belongs to its run.</summary>
public abstract partial class StoreContract
{
    private const double WeekOfAKey = 7 * 24 * 3600;

    /// <summary>How a keyed run comes to be.</summary>
    public enum KeyedStart { FromOutside, InAGroup, AsAChild, WithASignal }

    [Theory]
    [InlineData(KeyedStart.FromOutside)]
    [InlineData(KeyedStart.InAGroup)]
    [InlineData(KeyedStart.AsAChild)]
    [InlineData(KeyedStart.WithASignal)]
    public async Task StartKey_WithALifetime_IsFreeAtItsEnd_WhateverBecameOfItsRun(KeyedStart way)
    {
        var first = Make.Birth(await NewKeyAsync(), startKey: "k") with { KeyFreeAt = In(60) };
        await BearAsync(first, way);
        var other = Make.Birth(await NewKeyAsync(), startKey: "k", input: "2") with { KeyFreeAt = In(200) };

        Pass(59.999);
        Assert.Equal(BirthVerdict.KeyConflict, (await StartAsync(other)).Verdict);
        Assert.Equal(first.Id, (await Store.ReadRunAsync(new(StartKey: "k"), Make.Never))!.Id);
        Pass(0.001);
        Assert.Null(await Store.ReadRunAsync(new(StartKey: "k"), Make.Never));
        Assert.Equal(BirthVerdict.Created, (await StartAsync(other)).Verdict);
        Assert.Equal(other.Id, (await Store.ReadRunAsync(new(StartKey: "k"), Make.Never))!.Id);

        // The first one goes on under its id, and its start, sent again, still is its own.
        Assert.Equal((RunStatus.Pending, "k"), await StateAsync(other.Key));
        Assert.Equal(new BirthOutcome(BirthVerdict.Created, first.Key, first.Id, (await ReadAsync(first.Key)).Status), await StartAsync(first));
        // The key is the second one's for as long as that one said, with its input.
        Pass(139.999);
        Assert.Equal(BirthVerdict.KeyConflict, (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "k"))).Verdict);
        Assert.Equal(BirthVerdict.Existing, (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "k", input: "2"))).Verdict);
        Pass(0.001);
        Assert.Equal(BirthVerdict.Created, (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "k"))).Verdict);
    }

    [Fact]
    public async Task StartKey_WithoutALifetime_IsRememberedForAWeekFromTheDeletionOn()
    {
        Assert.Equal(PerdureDefaults.KeyTtl, TimeSpan.FromSeconds(WeekOfAKey));
        var worker = await RegisterAsync();
        foreach (var id in new[] { "purged", "deleted" })
            await CloseNowAsync(worker, await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), id: id, startKey: id)), id == "purged" ? RunStatus.Failed : RunStatus.Completed);
        Pass(WeekOfAKey * 10);
        Assert.Equal("purged", (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "purged"))).Id);
        Assert.Equal("Failed 1", Text(await PurgeAsync(new PurgeRule(RunStatus.Failed, TimeSpan.FromMinutes(1)))));
        Assert.Equal([DeleteVerdict.Deleted], await Store.DeleteRunsAsync(["deleted"], Make.Never));

        Pass(WeekOfAKey - 0.001);
        foreach (var id in new[] { "purged", "deleted" })
        {
            var found = await StartAsync(Make.Birth(await NewKeyAsync(), startKey: id));
            Assert.Equal((BirthVerdict.Existing, id, null), (found.Verdict, found.Id, found.Status));
        }
        Pass(0.001);
        foreach (var id in new[] { "purged", "deleted" })
            Assert.Equal(BirthVerdict.Created, (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: id, input: "2"))).Verdict);
    }

    [Fact]
    public async Task StartKey_WithALifetime_IsRememberedUntilItsEnd_AlsoWithoutItsRun()
    {
        var worker = await RegisterAsync();
        var birth = Make.Birth(await NewKeyAsync(), id: "gone", startKey: "k") with { KeyFreeAt = In(WeekOfAKey * 3) };
        await CloseNowAsync(worker, await StartOwnedAsync(worker, birth), RunStatus.Completed);
        await Store.DeleteRunsAsync(["gone"], Make.Never);

        Pass(WeekOfAKey * 3 - 1);
        Assert.Equal((BirthVerdict.Existing, "gone"), (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "k"))) is var found ? (found.Verdict, found.Id) : default);
        Pass(1);
        Assert.Equal(BirthVerdict.Created, (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "k"))).Verdict);
    }

    [Fact]
    public async Task StartKey_OfARunThatIsContinued_KeepsItsLifetime()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), startKey: "k") with { KeyFreeAt = In(60) });
        var successor = Make.Birth(await NewKeyAsync());
        await worker.WriteAsync(Continued(run.Bundle(close: RunStatus.ContinuedAsNew), successor));

        Pass(59);
        Assert.Equal(successor.Id, (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "k"))).Id);
        Pass(1);
        Assert.Equal(BirthVerdict.Created, (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "k"))).Verdict);
    }

    [Fact]
    public async Task StartKey_OfASuccessorThatIsDeleted_IsRememberedForAWeek()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), startKey: "k"));
        var successor = Make.Birth(await NewKeyAsync(), id: "successor");
        await worker.WriteAsync(Continued(run.Bundle(close: RunStatus.ContinuedAsNew), successor));
        await CloseNowAsync(worker, await worker.ClaimOneAsync(), RunStatus.Completed);
        // The former member has the key no more: that it goes changes nothing.
        Assert.Equal([DeleteVerdict.Deleted], await Store.DeleteRunsAsync([await IdAsync(run.Run)], Make.Never));
        Pass(WeekOfAKey);
        Assert.Equal(("successor", RunStatus.Completed), (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "k"))) is var held ? (held.Id, held.Status) : default);

        Assert.Equal([DeleteVerdict.Deleted], await Store.DeleteRunsAsync(["successor"], Make.Never));
        Pass(WeekOfAKey - 1);
        Assert.Equal(("successor", null), (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "k"))) is var found ? (found.Id, found.Status) : default);
        Pass(1);
        Assert.Equal(BirthVerdict.Created, (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "k"))).Verdict);
    }

    [Fact]
    public async Task StartKey_TakenOverFromAFailedRun_HasTheLifetimeOfTheNewStart()
    {
        var worker = await RegisterAsync();
        await CloseNowAsync(worker, await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), startKey: "k") with { KeyFreeAt = In(60) }), RunStatus.Failed);
        var second = Make.Birth(await NewKeyAsync(), startKey: "k", onConflict: ConflictPolicy.RestartIfFailed);
        Assert.Equal(BirthVerdict.Created, (await StartAsync(second)).Verdict);
        Pass(WeekOfAKey);
        Assert.Equal((BirthVerdict.Existing, second.Key), (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "k"))) is var found ? (found.Verdict, found.Key) : default);
    }

    [Fact]
    public async Task StartWithSignal_TheKeyIsFree_MakesARun_ThoughTheFormerLives()
    {
        var former = Make.Birth(await NewKeyAsync(), startKey: "k") with { KeyFreeAt = In(60) };
        await StartAsync(former);
        Pass(60);
        var birth = Make.Birth(await NewKeyAsync(), startKey: "k");
        var started = await Store.StartWithSignalAsync(birth, Make.Message(0, "m"), Make.Never);
        Assert.Equal((BirthVerdict.Created, birth.Key, birth.Key), (started.Birth.Verdict, started.Birth.Key, started.Signal!.Value.RunKey));
        Assert.Equal(0, (await ReadAsync(former.Key)).Inbox);
    }

    [Fact]
    public async Task RecallGroup_OfAStartThatFoundAKeyWhichIsFreeNow_AnswersAsThen()
    {
        var worker = await RegisterAsync();
        var holder = Make.Birth(await NewKeyAsync(), startKey: "k") with { KeyFreeAt = In(60) };
        await StartAsync(holder);
        var birth = Make.Birth(await NewKeyAsync(), startKey: "k", createdAt: Now);
        var group = new RunGroup(worker.Stamp(), [new() { Run = birth.Key, Term = 1, Birth = birth, Owned = true, BaseSequence = 1 }]);
        var answer = await Store.CommitGroupAsync(group, Make.Never);
        Assert.Equal((BirthVerdict.Existing, holder.Key), (answer.Bundles[0].Birth.Verdict, answer.Bundles[0].Birth.Key));

        // What is free is remembered for an hour, whoever looks for what may be forgotten.
        Pass(60 + 3599);
        Assert.Equal(0, await Store.ForgetKeysAsync(10, Make.Never));
        var recalled = await Store.RecallGroupAsync(group, Make.Never);
        Assert.Equal((BirthVerdict.Existing, holder.Key), (recalled.Bundles[0].Birth.Verdict, recalled.Bundles[0].Birth.Key));
    }

    [Fact]
    public async Task ForgetKeys_ForgetsTheOldestFirst_ButNoneThatIsHeld()
    {
        var worker = await RegisterAsync();
        foreach (var (key, seconds) in new[] { ("b", 20.0), ("a", 30.0), ("c", 10.0), ("later", 10_000.0) })
            await StartAsync(Make.Birth(await NewKeyAsync(), startKey: key) with { KeyFreeAt = In(seconds) });
        await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "for good"));
        var gone = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), id: "gone", startKey: "gone"));
        await CloseNowAsync(worker, gone, RunStatus.Completed);
        await Store.DeleteRunsAsync(["gone"], Make.Never);
        Pass(20);
        // Somebody has taken this one since.
        Assert.Equal(BirthVerdict.Created, (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "c"))).Verdict);

        Pass(3600);
        Assert.Equal(1, await Store.ForgetKeysAsync(1, Make.Never));
        Assert.Equal(0, await Store.ForgetKeysAsync(10, Make.Never));
        Pass(10);
        Assert.Equal(1, await Store.ForgetKeysAsync(10, Make.Never));
        foreach (var key in new[] { "c", "later", "for good", "gone" })
            Assert.Equal(BirthVerdict.Existing, (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: key))).Verdict);
        Pass(WeekOfAKey + 3600);
        Assert.Equal(2, await Store.ForgetKeysAsync(10, Make.Never));
        Assert.Equal(0, await Store.ForgetKeysAsync(10, Make.Never));
        foreach (var key in new[] { "a", "b", "later", "gone" })
            Assert.Equal(BirthVerdict.Created, (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: key))).Verdict);
    }

    private async Task<(RunStatus, string?)> StateAsync(long run)
    {
        var row = await ReadAsync(run);
        return (row.Status, row.StartKey);
    }

    private async Task BearAsync(RunBirth birth, KeyedStart way)
    {
        if (way == KeyedStart.FromOutside) Assert.Equal(BirthVerdict.Created, (await StartAsync(birth)).Verdict);
        else if (way == KeyedStart.InAGroup) await StartOwnedAsync(await RegisterAsync(), birth);
        else if (way == KeyedStart.WithASignal) Assert.Equal(BirthVerdict.Created, (await Store.StartWithSignalAsync(birth, Make.Message(0, "m"), Make.Never)).Birth.Verdict);
        else
        {
            var worker = await RegisterAsync();
            var parent = await StartOwnedAsync(worker);
            var child = await ChildAsync(parent.Run, startKey: birth.StartKey);
            await worker.WriteAsync(With(parent.Bundle(), children: [new() { Birth = birth, Parent = child.Parent, IfTaken = child.IfTaken }]));
        }
    }
}
