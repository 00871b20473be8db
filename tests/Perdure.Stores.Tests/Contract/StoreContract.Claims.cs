using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Taking due runs.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task ClaimRuns_DueRuns_ComeByPriorityThenDueThenKey()
    {
        var worker = await RegisterAsync();
        var late = await StartAsync(due: In(-1));
        var early = await StartAsync(queue: "other", due: In(-9));
        var twin = await StartAsync(due: In(-9));
        var urgent = await StartAsync(queue: "other", priority: 5, due: In(-1));
        var lowest = await StartAsync(priority: -3, due: In(-100));
        await StartAsync(due: In(1));
        await StartAsync(priority: 9, due: In(1));
        await StartAsync(queue: "third");

        var claimed = await worker.ClaimRunsAsync("default", "other", "unknown");
        Assert.Equal([urgent, early, twin, late, lowest], claimed.Runs.Select(run => run.Row.Key));
        Assert.Equal((false, In(1), Now), (claimed.Fenced, claimed.NextDue, claimed.Now));
    }

    [Fact]
    public async Task ClaimRuns_Limit_TakesTheFirstOnesAndSaysThatMoreAreDue()
    {
        var worker = await RegisterAsync();
        var runs = new List<long>();
        for (var i = 0; i < 5; i++) runs.Add(await StartAsync(queue: i % 2 == 0 ? "default" : "other", due: In(i - 10)));

        var first = await worker.ClaimRunsAsync(limit: 3, suspects: 10, "other", "default");
        Assert.Equal(runs[..3], first.Runs.Select(run => run.Row.Key));
        Assert.Equal(In(-7), first.NextDue);
        var second = await worker.ClaimRunsAsync(limit: 3, suspects: 10, "other", "default");
        Assert.Equal(runs[3..], second.Runs.Select(run => run.Row.Key));
        Assert.Equal(Instant.Never, second.NextDue);
    }

    [Fact]
    public async Task ClaimRuns_ClaimedRun_BelongsToTheWorkerInANewTerm()
    {
        var worker = await RegisterAsync();
        var key = await StartAsync(due: In(-2));
        Pass(1);
        var claimed = Assert.Single((await worker.ClaimRunsAsync()).Runs);

        Assert.Equal((worker.Key, 1, RunStatus.Running, Now),
            (claimed.Row.Owner, claimed.Row.Term, claimed.Row.Status, claimed.Row.UpdatedAt));
        Assert.Equal(("order", 3, "1", "{\"o\":1}", 7), (claimed.Row.Workflow, claimed.Row.Version, Make.Text(claimed.Row.Input),
            Make.Text(claimed.Row.Options), claimed.Row.EngineSemantics));
        var stored = await ReadAsync(key);
        Assert.Equal((worker.Key, 1, RunStatus.Running, In(-3)), (stored.Owner, stored.Term, stored.Status, stored.DueAt));
        Assert.Empty((await (await RegisterAsync()).ClaimRunsAsync()).Runs);
        await worker.WriteAsync(Holding.Of(claimed).Bundle(events: 1, row: Holding.Row(RunStatus.Running, Now)));
    }

    [Fact]
    public async Task ClaimRuns_ClaimedAndLostBeforeAnyWrite_CountsAsALoss()
    {
        var key = await StartAsync();
        for (var term = 1; term <= 3; term++)
        {
            await (await RegisterAsync()).ClaimOneAsync();
            await KillAllAsync();
            var row = await ReadAsync(key);
            Assert.Equal((term, term, term), (row.Term, row.Crashes, row.Losses));
            Pass(1);
        }
    }

    [Fact]
    public async Task ClaimRuns_HistoryThatOnlyGrewByAppends_IsWholeAndCounted()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        for (var i = 0; i < 4; i++)
        {
            await worker.WriteAsync(run.Append(2));
            run.Next += 2;
        }
        await KillAllAsync();
        var claimed = Assert.Single((await (await RegisterAsync()).ClaimRunsAsync()).Runs);

        Assert.Equal(9, claimed.Row.Events);
        Assert.Equal("e0;e1;e2;e3;e4;e5;e6;e7;e8;", string.Concat(claimed.History.Select(batch => Make.Text(batch.Bytes))));
        Assert.Equal(0, claimed.History[0].FirstSequence);
        for (var i = 1; i < claimed.History.Count; i++) Assert.Equal(claimed.History[i - 1].End, claimed.History[i].FirstSequence);
        Assert.Equal(9, (await ReadAsync(run.Run)).Events);
    }

    [Fact]
    public async Task ClaimRuns_BlockedRunThatAnOperatorWoke_StaysBlocked()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await worker.WriteAsync(run.Release(RunStatus.Blocked, Instant.Never));
        await PostAsync(Make.Message(run.Run, "resume", MessageKind.Resume));
        var claimed = Assert.Single((await worker.ClaimRunsAsync()).Runs);

        Assert.Equal((RunStatus.Blocked, worker.Key, 2), (claimed.Row.Status, claimed.Row.Owner, claimed.Row.Term));
        await KillAllAsync();
        Assert.Equal((0, 0), ((await ReadAsync(run.Run)).Crashes, (await ReadAsync(run.Run)).Losses));
    }

    [Fact]
    public async Task ClaimRuns_Suspects_AreTakenOnlySparingly()
    {
        var suspects = new List<long>();
        for (var i = 0; i < 3; i++) suspects.Add(await StartAsync(due: In(-50 + i)));
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(3, (await (await RegisterAsync()).ClaimRunsAsync()).Runs.Count);
            await KillAllAsync();
        }
        Pass(1);
        var healthy = await StartAsync(due: Now);
        var worker = await RegisterAsync();

        await StartAsync(due: In(80));
        // Those that are passed over do not count as due: whoever drives the first asks again when it is gone.
        var first = await worker.ClaimRunsAsync(limit: 10, suspects: 1, "default");
        Assert.Equal([suspects[0], healthy], first.Runs.Select(run => run.Row.Key));
        Assert.Equal((2, In(80)), (first.Runs[0].Row.Crashes, first.NextDue));
        var none = await worker.ClaimRunsAsync(limit: 10, suspects: 0, "default");
        Assert.Equal((0, In(80)), (none.Runs.Count, none.NextDue));
        Assert.True((await worker.ClaimRunsAsync(limit: 0, suspects: 1, "default")).NextDue < Now);
        Assert.Equal(suspects[1..], (await worker.ClaimRunsAsync(limit: 10, suspects: 2, "default")).Runs.Select(run => run.Row.Key));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 0, 60)]
    [InlineData(3, 0, 0)]
    [InlineData(3, 0, 60)]
    [InlineData(0, 3, 60)]
    public async Task ClaimRuns_ManySuspectsInFront_DoNotHideTheOthers(int concurrency, int perKey, int ageSeconds)
    {
        var suspects = new List<long>();
        for (var i = 0; i < 6; i++) suspects.Add(await StartAsync(due: In(-50 + i)));
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(6, (await (await RegisterAsync()).ClaimRunsAsync()).Runs.Count);
            await KillAllAsync();
        }
        Pass(1);
        await Store.ChangeQueueAsync(new("default") { MaxConcurrency = concurrency, MaxPerKey = perKey, AgeAfter = TimeSpan.FromSeconds(ageSeconds) }, Make.Never);
        var (first, second, last) = (await StartAsync(due: Now), await StartAsync(due: Now), await StartAsync(priority: -1, due: Now));
        var worker = await RegisterAsync();

        Assert.Equal([suspects[0], first], (await worker.ClaimRunsAsync(limit: 2, suspects: 1, "default")).Runs.Select(run => run.Row.Key));
        Assert.Equal(second, Assert.Single((await worker.ClaimRunsAsync(limit: 1, suspects: 0, "default")).Runs).Row.Key);
        if (concurrency == 0) Assert.Equal([suspects[1], last], (await worker.ClaimRunsAsync(limit: 2, suspects: 1, "default")).Runs.Select(run => run.Row.Key));
    }

    [Fact]
    public async Task ClaimRuns_SuspectsOfSeveralQueues_ShareTheirLimit()
    {
        foreach (var queue in new[] { "default", "other", "default", "other" }) await StartAsync(queue, due: In(-50));
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(4, (await (await RegisterAsync()).ClaimRunsAsync("default", "other")).Runs.Count);
            await KillAllAsync();
        }
        Pass(1);

        Assert.Equal(3, (await (await RegisterAsync()).ClaimRunsAsync(limit: 10, suspects: 3, "default", "other")).Runs.Count);
    }

    [Fact]
    public async Task ClaimRuns_NothingIsDue_SaysWhenSomethingWillBe()
    {
        var worker = await RegisterAsync();
        Assert.Equal(Instant.Never, (await worker.ClaimRunsAsync()).NextDue);
        await StartAsync(due: In(20));
        await StartAsync(priority: -1, due: In(10));
        await StartAsync(queue: "other", due: In(5));
        var run = await StartOwnedAsync(worker);
        await worker.WriteAsync(run.Release(RunStatus.Suspended, Instant.Never));

        var claimed = await worker.ClaimRunsAsync();
        Assert.Empty(claimed.Runs);
        Assert.Equal(In(10), claimed.NextDue);
    }

    [Fact]
    public async Task ClaimRuns_LimitOfNone_TakesNothing()
    {
        await StartAsync(due: In(-1));
        var claimed = await (await RegisterAsync()).ClaimRunsAsync(limit: 0, suspects: 0, "default");

        Assert.Empty(claimed.Runs);
        Assert.Equal((false, In(-1)), (claimed.Fenced, claimed.NextDue));
    }

    [Fact]
    public async Task ClaimRuns_TimerDueAtThisVeryInstant_IsDue()
    {
        var worker = await RegisterAsync();
        await StartAsync(due: In(5));
        Pass(4.999999);
        Assert.Empty((await worker.ClaimRunsAsync()).Runs);
        _clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Single((await worker.ClaimRunsAsync()).Runs);
    }
}
