using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Births: new runs, repeated starts, start keys and chosen ids.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task StartRuns_NewRun_HasTheWholeRow()
    {
        var tags = new Dictionary<string, string> { ["city"] = "Bern", ["tier"] = "gold" };
        var birth = Make.Birth(await NewKeyAsync(), id: "r-1", startKey: "k", queue: "slow", priority: 4, due: In(30), createdAt: In(-1),
            tags: tags);
        Assert.Equal(new BirthOutcome(BirthVerdict.Created, birth.Key, "r-1", RunStatus.Pending), await StartAsync(birth));

        var row = await ReadAsync(birth.Key);
        Assert.Equal((birth.Key, "r-1", "order", 3, "slow", 4), (row.Key, row.Id, row.Workflow, row.Version, row.Queue, row.Priority));
        Assert.Equal((RunStatus.Pending, RunPhase.Normal, 0L, 0, 1, 0L),
            (row.Status, row.Phase, row.Owner, row.Term, row.Events, row.Inbox));
        Assert.Equal((In(30), In(-1), Now, Instant.Never, birth.Deadline),
            (row.DueAt, row.CreatedAt, row.UpdatedAt, row.ClosedAt, row.Deadline));
        Assert.Equal((0, 0, 5, 7, "k"), (row.Crashes, row.Losses, row.MaxCrashes, row.EngineSemantics, row.StartKey));
        Assert.Equal(("1", "{\"o\":1}", "", "", "", ""), (
            Make.Text(row.Input), Make.Text(row.Options), Make.Text(row.Result), Make.Text(row.Failure), Make.Text(row.Waiting),
            Make.Text(row.Published)));
        Assert.Equal(tags, row.Tags);
        Assert.Equal("e0;", await HistoryAsync(birth.Key));
    }

    [Fact]
    public async Task StartRuns_SameStartAgain_IsCreatedAgain()
    {
        var birth = Make.Birth(await NewKeyAsync());
        var keyed = Make.Birth(await NewKeyAsync(), startKey: "k", onConflict: ConflictPolicy.Fail);
        var chosen = Make.Birth(await NewKeyAsync(), chosenId: true, onConflict: ConflictPolicy.Fail);
        for (var i = 0; i < 3; i++)
        {
            var outcomes = await Store.StartRunsAsync([birth, keyed, chosen], Make.Never);
            Assert.All(outcomes, outcome => Assert.Equal(BirthVerdict.Created, outcome.Verdict));
            Assert.Equal([birth.Key, keyed.Key, chosen.Key], outcomes.Select(outcome => outcome.Key));
        }
        Assert.Equal(3, (await Store.ListRunsAsync(new(), Make.Never)).Runs.Count);
        Assert.Equal("e0;", await HistoryAsync(birth.Key));
    }

    [Fact]
    public async Task StartRuns_SameStartWhenTheRunHasGoneOn_AnswersItsStatusAndChangesNothing()
    {
        var birth = Make.Birth(await NewKeyAsync());
        await StartAsync(birth);
        var worker = await RegisterAsync();
        var run = await worker.ClaimOneAsync();
        await CloseAsync(worker, run, RunStatus.Failed);

        Assert.Equal(new BirthOutcome(BirthVerdict.Created, birth.Key, birth.Id, RunStatus.Failed), await StartAsync(birth));
        Assert.Equal("e0;end1;", await HistoryAsync(birth.Key));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task N2_SecondStartUnderOneKey_IsJudgedByItsPolicyAndTheFormerRun(bool throughGroup)
    {
        (RunStatus? Close, BirthVerdict Use, BirthVerdict Fail, BirthVerdict Restart)[] cases =
        [
            (null, BirthVerdict.Existing, BirthVerdict.AlreadyExists, BirthVerdict.Existing),
            (RunStatus.Completed, BirthVerdict.Existing, BirthVerdict.AlreadyExists, BirthVerdict.Existing),
            (RunStatus.Failed, BirthVerdict.Existing, BirthVerdict.AlreadyExists, BirthVerdict.Created),
            (RunStatus.Cancelled, BirthVerdict.Existing, BirthVerdict.AlreadyExists, BirthVerdict.Created),
            (RunStatus.TimedOut, BirthVerdict.Existing, BirthVerdict.AlreadyExists, BirthVerdict.Created),
            (RunStatus.Terminated, BirthVerdict.Existing, BirthVerdict.AlreadyExists, BirthVerdict.Created),
        ];
        var worker = await RegisterAsync();
        foreach (var (close, use, fail, restart) in cases)
        {
            var startKey = $"key of {close}";
            var former = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), startKey: startKey));
            if (close is { } status) await CloseAsync(worker, former, status);

            (ConflictPolicy, BirthVerdict)[] attempts =
                [(ConflictPolicy.UseExisting, use), (ConflictPolicy.Fail, fail), (ConflictPolicy.RestartIfFailed, restart)];
            foreach (var (policy, expected) in attempts)
            {
                var birth = Make.Birth(await NewKeyAsync(), startKey: startKey, onConflict: policy);
                var outcome = throughGroup
                    ? (await worker.WriteAsync(new() { Run = birth.Key, Birth = birth })).Birth
                    : await StartAsync(birth);
                Assert.Equal(expected, outcome.Verdict);
                Assert.Equal(expected == BirthVerdict.Created ? birth.Key : former.Run, outcome.Key);
                Assert.Equal(expected == BirthVerdict.Created ? RunStatus.Pending : close ?? RunStatus.Running, outcome.Status);
                Assert.Equal(outcome.Key, (await Store.ReadRunAsync(new(StartKey: startKey), Make.Never))!.Key);
            }
        }
    }

    [Fact]
    public async Task StartRuns_AfterARestart_TheKeyBelongsToTheNewRun()
    {
        var worker = await RegisterAsync();
        var former = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), startKey: "k"));
        await CloseAsync(worker, former, RunStatus.Failed);
        var second = Make.Birth(await NewKeyAsync(), startKey: "k", onConflict: ConflictPolicy.RestartIfFailed);
        Assert.Equal(BirthVerdict.Created, (await StartAsync(second)).Verdict);
        var third = await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "k", onConflict: ConflictPolicy.RestartIfFailed));

        Assert.Equal((BirthVerdict.Existing, second.Key), (third.Verdict, third.Key));
        Assert.Equal(BirthVerdict.Created, (await StartAsync(second)).Verdict);
        Assert.Equal(RunStatus.Failed, (await ReadAsync(former.Run)).Status);
    }

    [Fact]
    public async Task N3_SameKeyWithAnotherInputOrWorkflow_IsAConflictWhateverThePolicy()
    {
        var worker = await RegisterAsync();
        var former = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), startKey: "k"));
        await CloseAsync(worker, former, RunStatus.Failed);
        foreach (var policy in Enum.GetValues<ConflictPolicy>())
        {
            RunBirth[] births =
            [
                Make.Birth(await NewKeyAsync(), startKey: "k", input: "2", onConflict: policy),
                Make.Birth(await NewKeyAsync(), startKey: "k", workflow: "refund", onConflict: policy),
            ];
            foreach (var outcome in await Store.StartRunsAsync(births, Make.Never))
                Assert.Equal((BirthVerdict.KeyConflict, former.Run, RunStatus.Failed), (outcome.Verdict, outcome.Key, outcome.Status));
            foreach (var birth in births) Assert.Null(await Store.ReadRunAsync(new(Id: birth.Id), Make.Never));
        }
    }

    [Fact]
    public async Task N5_KeysThatDifferInCaseOrNamespace_AreDistinct()
    {
        var keys = new[] { "A", "a", "tenant1/x", "tenant2/x", "ä", "a\u0308", " a" };
        foreach (var key in keys)
            Assert.Equal(BirthVerdict.Created, (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: key))).Verdict);

        Assert.Equal(keys.Length, (await Store.ListRunsAsync(new(), Make.Never)).Runs.Count);
        foreach (var key in keys) Assert.Equal(key, (await Store.ReadRunAsync(new(StartKey: key), Make.Never))!.StartKey);
    }

    [Fact]
    public async Task StartRuns_ChosenIdThatIsTaken_IsJudgedLikeAKey()
    {
        var worker = await RegisterAsync();
        var former = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), id: "order-7", chosenId: true));
        async Task<BirthVerdict> AgainAsync(ConflictPolicy policy, string input = "1", string workflow = "order")
        {
            var birth = Make.Birth(await NewKeyAsync(), id: "order-7", chosenId: true, input: input, workflow: workflow,
                onConflict: policy);
            var outcome = await StartAsync(birth);
            Assert.Equal((former.Run, "order-7"), (outcome.Key, outcome.Id));
            Assert.Null(await Store.ReadRunAsync(new(Key: birth.Key), Make.Never));
            return outcome.Verdict;
        }

        Assert.Equal(BirthVerdict.Existing, await AgainAsync(ConflictPolicy.UseExisting));
        Assert.Equal(BirthVerdict.AlreadyExists, await AgainAsync(ConflictPolicy.Fail));
        Assert.Equal(BirthVerdict.Existing, await AgainAsync(ConflictPolicy.RestartIfFailed));
        Assert.Equal(BirthVerdict.KeyConflict, await AgainAsync(ConflictPolicy.UseExisting, input: "2"));
        Assert.Equal(BirthVerdict.KeyConflict, await AgainAsync(ConflictPolicy.UseExisting, workflow: "refund"));

        // A key can move on to a new run, an id cannot: it names the failed run for ever.
        await CloseAsync(worker, former, RunStatus.Failed);
        Assert.Equal(BirthVerdict.Existing, await AgainAsync(ConflictPolicy.RestartIfFailed));
    }

    [Fact]
    public async Task StartRuns_IdsThatDifferInCase_AreDistinct()
    {
        foreach (var id in new[] { "Order-7", "order-7" })
            Assert.Equal(BirthVerdict.Created, (await StartAsync(Make.Birth(await NewKeyAsync(), id: id, chosenId: true))).Verdict);
        Assert.Equal("Order-7", (await Store.ReadRunAsync(new(Id: "Order-7"), Make.Never))!.Id);
    }

    [Fact]
    public async Task StartRuns_KeyHeldButIdFree_LeavesTheIdFree()
    {
        await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "k"));
        var loser = await StartAsync(Make.Birth(await NewKeyAsync(), id: "mine", chosenId: true, startKey: "k"));
        Assert.Equal(BirthVerdict.Existing, loser.Verdict);
        Assert.Equal(BirthVerdict.Created, (await StartAsync(Make.Birth(await NewKeyAsync(), id: "mine", chosenId: true))).Verdict);
    }

    [Fact]
    public async Task StartRuns_IdHeldButKeyFree_LeavesTheKeyFree()
    {
        await StartAsync(Make.Birth(await NewKeyAsync(), id: "mine", chosenId: true));
        var loser = await StartAsync(Make.Birth(await NewKeyAsync(), id: "mine", chosenId: true, startKey: "k"));
        Assert.Equal(BirthVerdict.Existing, loser.Verdict);
        Assert.Null(await Store.ReadRunAsync(new(StartKey: "k"), Make.Never));
        Assert.Equal(BirthVerdict.Created, (await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "k", input: "9"))).Verdict);
    }

    [Fact]
    public async Task StartRuns_TwoStartsUnderOneKeyInOneCall_MakeOneRun()
    {
        var (first, second) = (Make.Birth(await NewKeyAsync(), startKey: "k"), Make.Birth(await NewKeyAsync(), startKey: "k"));
        var outcomes = await Store.StartRunsAsync([first, second], Make.Never);

        Assert.Equal([BirthVerdict.Created, BirthVerdict.Existing], outcomes.Select(outcome => outcome.Verdict));
        Assert.Equal([first.Key, first.Key], outcomes.Select(outcome => outcome.Key));
    }

    [Fact]
    public async Task StartRuns_RunKeyThatIsTaken_StoresNothingOfTheCall()
    {
        var taken = await StartAsync();
        var good = Make.Birth(await NewKeyAsync());
        foreach (var key in new[] { taken, good.Key })
        {
            var error = await Assert.ThrowsAsync<StoreException>(
                () => Store.StartRunsAsync([good, Make.Birth(key, id: "other")], Make.Never));
            Assert.Equal(StoreFault.Data, error.Fault);
            Assert.Null(await Store.ReadRunAsync(new(Id: good.Id), Make.Never));
            Assert.Null(await Store.ReadRunAsync(new(Id: "other"), Make.Never));
        }
    }

    [Fact]
    public async Task CommitGroup_OwnedBirth_BelongsToTheWorkerAtOnce()
    {
        var worker = await RegisterAsync();
        var birth = Make.Birth(await NewKeyAsync(), due: In(-3));
        var outcome = await worker.WriteAsync(
            new() { Run = birth.Key, Term = 1, Birth = birth, Owned = true, BaseSequence = 1, Events = Make.Events(1) });

        Assert.Equal((new BirthOutcome(BirthVerdict.Created, birth.Key, birth.Id, RunStatus.Running), 0L), (outcome.Birth, outcome.Inbox));
        var row = await ReadAsync(birth.Key);
        Assert.Equal((worker.Key, 1, RunStatus.Running, 2), (row.Owner, row.Term, row.Status, row.Events));
        Assert.Empty((await (await RegisterAsync()).ClaimRunsAsync()).Runs);
        await worker.WriteAsync(new Holding(birth.Key, 1, 2).Append());
    }

    [Fact]
    public async Task CommitGroup_OwnedBirthThatLoses_LeavesTheHolderAlone()
    {
        var worker = await RegisterAsync();
        var holder = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), startKey: "k"));
        var birth = Make.Birth(await NewKeyAsync(), startKey: "k");
        var outcome = await worker.WriteAsync(new()
        {
            Run = birth.Key, Term = 1, Birth = birth, Owned = true, BaseSequence = 1, Events = Make.Events(1), NewTasks = [Make.Task(1)],
            Close = new() { Status = RunStatus.Completed, Event = Make.Events(2), At = Now },
        });

        Assert.Equal((BirthVerdict.Existing, holder.Run, false), (outcome.Birth.Verdict, outcome.Birth.Key, outcome.Closed));
        Assert.Equal("e0;", await HistoryAsync(holder.Run));
        Assert.Null(await Store.ReadRunAsync(new(Key: birth.Key), Make.Never));
        Assert.Empty((await worker.ClaimTasksAsync()).Tasks);
    }

    [Fact]
    public async Task CommitGroup_OwnedBirthOfARunThatWasStartedOtherwise_DoesNotTakeIt()
    {
        var birth = Make.Birth(await NewKeyAsync());
        await StartAsync(birth);
        var worker = await RegisterAsync();
        var outcome = await worker.WriteAsync(
            new() { Run = birth.Key, Term = 1, Birth = birth, Owned = true, BaseSequence = 1, Events = Make.Events(1) });

        Assert.Equal((BirthVerdict.Existing, birth.Key, RunStatus.Pending),
            (outcome.Birth.Verdict, outcome.Birth.Key, outcome.Birth.Status));
        Assert.Equal((0L, 0), await OwnerAsync(birth.Key));
        Assert.Equal("e0;", await HistoryAsync(birth.Key));
    }

    [Fact]
    public async Task CommitGroup_UnownedBirth_IsThereForAnybody()
    {
        var worker = await RegisterAsync();
        var birth = Make.Birth(await NewKeyAsync());
        await worker.WriteAsync(new() { Run = birth.Key, Birth = birth });

        Assert.Equal(birth.Key, (await (await RegisterAsync()).ClaimOneAsync()).Run);
    }
}
