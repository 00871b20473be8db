using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>How many signals of a run nobody has taken, and the limit to them; starts that bring a signal along.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task PostMessages_CountsSignalsThatNobodyTook()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await Store.PostMessagesAsync([Make.Message(run.Run, "a"), Make.Message(run.Run, "a"), Make.Message(run.Run, "b"), Make.Message(run.Run, "stop", MessageKind.Cancel)], Make.Never);
        Assert.Equal(2, (await ReadAsync(run.Run)).Signals);

        run.Seen = 3;
        // One of two is taken; a third came directly and waits in the run.
        await worker.WriteAsync(run.Bundle(events: 1, consumed: [1, 2, 3], row: Holding.Row(RunStatus.Suspended, Instant.Never), signalsTaken: 1));
        run.Next++;
        Assert.Equal(1, (await ReadAsync(run.Run)).Signals);
        Assert.Equal(3, (await worker.WriteAsync(run.Bundle(events: 1, signalsTaken: -1))).Inbox);
        Assert.Equal(2, (await ReadAsync(run.Run)).Signals);
    }

    [Fact]
    public async Task PostMessages_AtTheLimitOfPendingSignals_RefusesFurtherOnesUntilSomeAreTaken()
    {
        var worker = await RegisterAsync();
        var (run, other) = (await StartOwnedAsync(worker), await StartOwnedAsync(worker));
        await worker.WriteAsync(run.Bundle(events: 1, signalsTaken: 2 - PerdureDefaults.MaxPendingSignals));
        run.Next++;

        var outcomes = await Store.PostMessagesAsync(
            [Make.Message(run.Run, "a"), Make.Message(other.Run, "x"), Make.Message(run.Run, "b"), Make.Message(run.Run, "c"), Make.Message(run.Run, "c"), Make.Message(run.Run, "a"),
                Make.Message(run.Run, "stop", MessageKind.Cancel)], Make.Never);

        Assert.Equal(
            [PostVerdict.Accepted, PostVerdict.Accepted, PostVerdict.Accepted, PostVerdict.Full, PostVerdict.Full, PostVerdict.Duplicate, PostVerdict.Accepted],
            outcomes.Select(outcome => outcome.Verdict));
        var row = await ReadAsync(run.Run);
        Assert.Equal((PerdureDefaults.MaxPendingSignals, 3L), (row.Signals, row.Inbox));
        Assert.Equal(["a", "b", "stop"], (await Store.ReadMessagesAsync(worker.Key, [run.Run], Make.Never))[0].Messages.Select(message => message.Id));

        Assert.Equal(PostVerdict.Full, (await PostAsync(Make.Message(run.Run, "c"))).Verdict);
        run.Seen = 3;
        await worker.WriteAsync(run.Bundle(events: 1, consumed: [1], signalsTaken: 1));
        Assert.Equal(PostVerdict.Accepted, (await PostAsync(Make.Message(run.Run, "c"))).Verdict);
    }

    [Fact]
    public async Task CommitGroup_ThatIsFencedOrRefused_LeavesTheCountOfSignals()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await PostAsync(Make.Message(run.Run, "a"));
        Assert.Equal(GroupVerdict.Refused, (await worker.CommitAsync(run.Bundle(events: 1, requireSeen: true, signalsTaken: 1))).Verdict);
        await KillAllAsync();
        Assert.Equal(GroupVerdict.Fenced, (await worker.CommitAsync(run.Bundle(events: 1, signalsTaken: 1))).Verdict);

        Assert.Equal(1, (await ReadAsync(run.Run)).Signals);
    }

    [Fact]
    public async Task StartWithSignal_NobodyHoldsTheKey_MakesTheRunWithItsSignal()
    {
        var birth = Make.Birth(await NewKeyAsync(), startKey: "k", due: In(60));
        for (var copies = 0; copies < 2; copies++)
        {
            var started = await Store.StartWithSignalAsync(birth, Signal("m1"), Make.Never);
            Assert.Equal((BirthVerdict.Created, birth.Key, copies == 0 ? PostVerdict.Accepted : PostVerdict.Duplicate), (started.Birth.Verdict, started.Birth.Key, started.Signal!.Value.Verdict));
        }
        var claimed = Assert.Single((await (await RegisterAsync()).ClaimRunsAsync()).Runs);
        Assert.Equal(("m1", 1, 1L), (Assert.Single(claimed.Messages).Id, claimed.Row.Signals, claimed.Row.Inbox));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StartWithSignal_ALiveRunHoldsIt_OnlySignalsWhateverTheInput(bool byKey)
    {
        var first = Make.Birth(await NewKeyAsync(), id: "r", chosenId: !byKey, startKey: byKey ? "k" : null);
        await StartAsync(first);
        foreach (var policy in Enum.GetValues<ConflictPolicy>())
        {
            var again = Make.Birth(await NewKeyAsync(), id: byKey ? null : "r", chosenId: !byKey, startKey: byKey ? "k" : null, input: "2", onConflict: policy);
            var started = await Store.StartWithSignalAsync(again, Signal($"m{policy}"), Make.Never);
            Assert.Equal(new BirthOutcome(BirthVerdict.Existing, first.Key, "r", RunStatus.Pending), started.Birth);
            Assert.Equal((PostVerdict.Accepted, first.Key), (started.Signal!.Value.Verdict, started.Signal.Value.RunKey));
        }
        Assert.Equal(3, (await ReadAsync(first.Key)).Signals);
        Assert.Single((await Store.ListRunsAsync(new RunQuery { Limit = 10 }, Make.Never)).Runs);
    }

    [Fact]
    public async Task StartWithSignal_AnotherWorkflowHoldsTheKey_StoresNothing()
    {
        var first = Make.Birth(await NewKeyAsync(), startKey: "k");
        await StartAsync(first);
        var started = await Store.StartWithSignalAsync(Make.Birth(await NewKeyAsync(), startKey: "k", workflow: "other"), Signal("m"), Make.Never);

        Assert.Equal((BirthVerdict.KeyConflict, first.Key, null), (started.Birth.Verdict, started.Birth.Key, started.Signal));
        Assert.Equal(0, (await ReadAsync(first.Key)).Inbox);
    }

    [Theory]
    [InlineData(ConflictPolicy.UseExisting, RunStatus.Failed, BirthVerdict.Existing, PostVerdict.Closed)]
    [InlineData(ConflictPolicy.Fail, RunStatus.Failed, BirthVerdict.AlreadyExists, null)]
    [InlineData(ConflictPolicy.RestartIfFailed, RunStatus.Completed, BirthVerdict.Existing, PostVerdict.Closed)]
    [InlineData(ConflictPolicy.RestartIfFailed, RunStatus.Failed, BirthVerdict.Created, PostVerdict.Accepted)]
    public async Task StartWithSignal_TheHolderHasEnded_FollowsThePolicy(ConflictPolicy policy, RunStatus end, BirthVerdict birth, PostVerdict? signal)
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), startKey: "k"));
        await CloseAsync(worker, run, end);
        var again = Make.Birth(await NewKeyAsync(), startKey: "k", onConflict: policy);
        var started = await Store.StartWithSignalAsync(again, Signal("m"), Make.Never);

        Assert.Equal((birth, signal, birth == BirthVerdict.Created ? again.Key : run.Run), (started.Birth.Verdict, started.Signal?.Verdict, started.Birth.Key));
        Assert.Equal(0, (await ReadAsync(run.Run)).Inbox);
    }

    [Fact]
    public async Task StartWithSignal_ManyAtOnce_MakeOneRunWithAllSignals()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAnotherAsync()));
        var births = new List<RunBirth>();
        for (var i = 0; i < 8; i++) births.Add(Make.Birth(await NewKeyAsync(), startKey: "k", input: $"{i}"));
        var started = await Task.WhenAll(births.Select((birth, i) => Task.Run(() => stores[i % 4].StartWithSignalAsync(birth, Signal($"m{i}"), Make.Never))));

        var winner = Assert.Single(started, outcome => outcome.Birth.Verdict == BirthVerdict.Created).Birth.Key;
        Assert.All(started, outcome => Assert.Equal((winner, PostVerdict.Accepted), (outcome.Birth.Key, outcome.Signal!.Value.Verdict)));
        Assert.Equal(8, (await ReadAsync(winner)).Signals);
    }

    private static OutgoingMessage Signal(string id) => Make.Message(0, id);
}
