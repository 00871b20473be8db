using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>The data of a run: written with the events that changed it, whatever else becomes of the bundle.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task CommitGroup_Data_IsKeptUntilItIsWrittenAgain()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        Assert.Equal("", Make.Text((await ReadAsync(run.Run)).Data));
        await worker.WriteAsync(WithData(run.Bundle(row: Holding.Row(RunStatus.Running, Now)), """{"a":1}"""));
        await worker.WriteAsync(run.Bundle(row: Holding.Row(RunStatus.Suspended, Now)));
        Assert.Equal("""{"a":1}""", await DataAsync(run.Run));

        // Alone, and back to none.
        await worker.WriteAsync(WithData(run.Bundle(events: 1), """{"a":2}"""));
        Assert.Equal("""{"a":2}""", await DataAsync(run.Run));
        run.Next = 2;
        await worker.WriteAsync(WithData(run.Bundle(events: 1), ""));
        Assert.Equal("", await DataAsync(run.Run));
    }

    [Fact]
    public async Task CommitGroup_DataOfACloseThatDoesNotHappen_IsWrittenAllTheSame()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await PostAsync(Make.Message(run.Run, "m1"));
        Assert.False((await worker.WriteAsync(WithData(run.Bundle(events: 1, close: RunStatus.Completed), """{"a":1}"""))).Closed);
        Assert.Equal(("""{"a":1}""", "e0;e1;"), (await DataAsync(run.Run), await HistoryAsync(run.Run)));

        (run.Next, run.Seen) = (2, 1);
        Assert.True((await worker.WriteAsync(WithData(run.Bundle(events: 1, consumed: [1], close: RunStatus.Completed), """{"a":2}"""))).Closed);
        Assert.Equal("""{"a":2}""", await DataAsync(run.Run));
    }

    [Fact]
    public async Task CommitGroup_DataOfABirth_StandsInItsRow_AndNotInThatOfAnother()
    {
        var worker = await RegisterAsync();
        var (born, held) = (Make.Birth(await NewKeyAsync()), Make.Birth(await NewKeyAsync(), startKey: "held"));
        await StartAsync(held);
        var late = Make.Birth(await NewKeyAsync(), startKey: "held");
        var outcome = await worker.CommitAsync(
            WithData(new() { Run = born.Key, Term = 1, Birth = born, Owned = true, BaseSequence = 1 }, """{"a":1}"""),
            WithData(new() { Run = late.Key, Term = 1, Birth = late, Owned = true, BaseSequence = 1 }, """{"a":2}"""));

        Assert.Equal([BirthVerdict.Created, BirthVerdict.Existing], outcome.Bundles.Select(bundle => bundle.Birth.Verdict));
        Assert.Equal(("""{"a":1}""", ""), (await DataAsync(born.Key), await DataAsync(held.Key)));
    }

    [Fact]
    public async Task CommitGroup_DataOfARunThatBelongsToAnother_IsRefused()
    {
        var worker = await RegisterAsync();
        var (own, other) = (await StartOwnedAsync(worker), await StartOwnedAsync(await RegisterAsync()));
        var outcome = await worker.CommitAsync(WithData(own.Bundle(events: 1), "1"), WithData(other.Bundle(), "2"));

        Assert.Equal((GroupVerdict.Refused, other.Run, RefusalReason.NotOwned), (outcome.Verdict, Assert.Single(outcome.Refusals).Run, outcome.Refusals[0].Reason));
        Assert.Equal(("", ""), (await DataAsync(own.Run), await DataAsync(other.Run)));
    }

    [Fact]
    public async Task ReadRun_DataOfAReleasedRun_IsThereForItsNextOwner()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await worker.WriteAsync(WithData(run.Release(RunStatus.Suspended, Now), """{"a":1}"""));

        Assert.Equal("""{"a":1}""", Make.Text(Assert.Single((await worker.ClaimRunsAsync()).Runs).Row.Data));
    }

    private async Task<string> DataAsync(long run) => Make.Text((await ReadAsync(run)).Data);

    private static RunBundle WithData(RunBundle bundle, string data) => new()
    {
        Run = bundle.Run, Term = bundle.Term, Birth = bundle.Birth, Owned = bundle.Owned, BaseSequence = bundle.BaseSequence, Events = bundle.Events, Row = bundle.Row,
        Seen = bundle.Seen, Consumed = bundle.Consumed, Close = bundle.Close, Release = bundle.Release, Data = Make.Bytes(data),
    };
}
