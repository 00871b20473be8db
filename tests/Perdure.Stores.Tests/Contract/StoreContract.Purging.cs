using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Deleting closed runs by their age, and the turns at it.</summary>
public abstract partial class StoreContract
{
    private static readonly PurgeRule[] AfterAMinute =
        [.. Enum.GetValues<RunStatus>().Where(status => status.IsTerminal()).Select(status => new PurgeRule(status, TimeSpan.FromMinutes(1)))];

    [Fact]
    public async Task I34_PurgeRuns_DeletesWholeRunsOfTheRightAgeAndStatus()
    {
        var worker = await RegisterAsync();
        foreach (var status in Enum.GetValues<RunStatus>().Where(status => status.IsTerminal())) await StartClosedAsync(worker, $"old {status}", status);
        Pass(60);
        await StartClosedAsync(worker, "young", RunStatus.Completed);
        await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), id: "live"));

        // Each status has its own age.
        var purged = await PurgeAsync(new(RunStatus.Completed, TimeSpan.FromMinutes(1)), new(RunStatus.Failed, TimeSpan.FromMinutes(1)), new(RunStatus.TimedOut, TimeSpan.FromMinutes(2)));
        Assert.Equal("Completed 1, Failed 1", Text(purged));
        Assert.Null(purged.Next);
        Assert.Equal(["live", "old Cancelled", "old CompensationFailed", "old ContinuedAsNew", "old Terminated", "old TimedOut", "young"], await IdsAsync());

        Assert.Equal("Cancelled 1, TimedOut 1, Terminated 1, CompensationFailed 1, ContinuedAsNew 1", Text(await PurgeAsync(AfterAMinute)));
        Assert.Equal("", Text(await PurgeAsync(AfterAMinute)));
        Assert.Equal(["live", "young"], await IdsAsync());
    }

    [Fact]
    public async Task PurgeRuns_TakesAllThatBelongedToARun_AndLeavesItsKey()
    {
        var worker = await RegisterAsync();
        var birth = Make.Birth(await NewKeyAsync(), id: "gone", startKey: "k", tags: new Dictionary<string, string> { ["city"] = "Bern" });
        var run = await StartOwnedAsync(worker, birth);
        await CloseNowAsync(worker, run, RunStatus.Failed, Make.Task(1));
        Pass(60);
        Assert.Equal("Failed 1", Text(await PurgeAsync(AfterAMinute)));

        Assert.Null(await Store.ReadRunAsync(new(Id: "gone"), Make.Never));
        Assert.Empty(await Store.ReadHistoryAsync(run.Run, 0, Make.Never));
        Assert.Empty((await worker.ClaimTasksAsync()).Tasks);
        Assert.Empty((await Store.ListRunsAsync(new() { Tags = new Dictionary<string, string?> { ["city"] = null } }, Make.Never)).Runs);
        Assert.Equal(PostVerdict.NotFound, (await PostAsync(Make.Message(run.Run, "m"))).Verdict);
        Assert.Equal(new BirthOutcome(BirthVerdict.Existing, run.Run, "gone", null), await StartAsync(Make.Birth(await NewKeyAsync(), startKey: "k")));
    }

    [Fact]
    public async Task PurgeRuns_NeverTakesALiveRun()
    {
        var worker = await RegisterAsync();
        await StartAsync(Make.Birth(await NewKeyAsync(), id: "pending"));
        var blocked = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), id: "blocked"));
        await worker.WriteAsync(blocked.Bundle(row: Holding.Row(RunStatus.Blocked, Instant.Never)));
        var paused = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), id: "paused"));
        await worker.WriteAsync(paused.Bundle(row: Holding.Row(RunStatus.Paused, Instant.Never)));
        var suspended = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), id: "suspended"));
        await worker.WriteAsync(suspended.Bundle(row: Holding.Row(RunStatus.Suspended, Instant.Never)));
        await StartClosedAsync(worker, "reopened", RunStatus.Failed);
        await Store.ReopenRunAsync(Make.Message(0, "again", MessageKind.Reopen) with { RunId = "reopened" }, Make.Never);
        Pass(1_000_000);

        Assert.Equal("", Text(await PurgeAsync(AfterAMinute)));
        Assert.Equal(["blocked", "paused", "pending", "reopened", "suspended"], await IdsAsync());
    }

    [Fact]
    public async Task PurgeRuns_OfARunThatIsReopenedAndEndsAgain_CountsFromTheLaterEnd()
    {
        var worker = await RegisterAsync();
        await StartClosedAsync(worker, "again", RunStatus.Failed);
        Pass(59);
        await Store.ReopenRunAsync(Make.Message(0, "again", MessageKind.Reopen) with { RunId = "again" }, Make.Never);
        await CloseNowAsync(worker, await worker.ClaimOneAsync(), RunStatus.Cancelled);
        Pass(59);
        Assert.Equal("", Text(await PurgeAsync(AfterAMinute)));
        Pass(1);
        Assert.Equal("Cancelled 1", Text(await PurgeAsync(AfterAMinute)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PurgeRuns_InBatches_TakesTheOldestFirstAndEveryRunOnce(bool dryRun)
    {
        var worker = await RegisterAsync();
        // Several of one instant, and ids that are not in the order of creation.
        for (var i = 0; i < 11; i++) await StartClosedAsync(worker, $"r{(i * 7) % 11:D2}", i % 2 == 0 ? RunStatus.Completed : RunStatus.Failed, createdAt: new(i / 3));
        await StartAsync(Make.Birth(await NewKeyAsync(), id: "stays", createdAt: new(2)));
        Pass(60);

        var (purge, counted, calls) = (new RunPurge { Rules = AfterAMinute, Limit = 3, DryRun = dryRun }, 0, 0);
        do
        {
            var page = await Store.PurgeRunsAsync(purge, Make.Never);
            Assert.InRange(page.Count, 1, 3);
            (counted, calls) = (counted + page.Count, calls + 1);
            purge = purge with { After = page.Next };
            if (calls == 1) Assert.Equal(dryRun ? 12 : 9, (await IdsAsync()).Count);
            if (calls == 1 && !dryRun) Assert.DoesNotContain("r00", await IdsAsync());
        }
        while (purge.After is not null);
        Assert.Equal((11, 4), (counted, calls));
        Assert.Equal(dryRun ? 12 : 1, (await IdsAsync()).Count);
    }

    [Fact]
    public async Task PurgeRuns_FromTwoHandlesAtOnce_CountsEveryRunOnce()
    {
        var worker = await RegisterAsync();
        for (var i = 0; i < 40; i++) await StartClosedAsync(worker, $"r{i}", RunStatus.Completed);
        Pass(60);
        var other = await OpenAnotherAsync();

        var counts = await Task.WhenAll(new[] { Store, other }.Select(store => Task.Run(async () =>
        {
            var counted = 0;
            PurgedRuns page;
            do
            {
                page = await store.PurgeRunsAsync(new RunPurge { Rules = AfterAMinute, Limit = 3 }, Make.Never);
                counted += page.Count;
            }
            while (page.Next is not null);
            return counted;
        })));

        Assert.Equal(40, counts.Sum());
        Assert.Empty(await IdsAsync());
    }

    [Fact]
    public async Task TakeTurn_IsGivenToOneAtATime()
    {
        var other = await OpenAnotherAsync();
        Assert.True(await Store.TakeTurnAsync("a", TimeSpan.FromMinutes(1), Make.Never));
        Assert.False(await other.TakeTurnAsync("a", TimeSpan.FromMinutes(1), Make.Never));
        Assert.True(await other.TakeTurnAsync("b", TimeSpan.FromMinutes(1), Make.Never));
        Pass(59);
        Assert.False(await Store.TakeTurnAsync("a", TimeSpan.FromMinutes(1), Make.Never));
        Pass(1);
        Assert.True(await other.TakeTurnAsync("a", TimeSpan.FromMinutes(1), Make.Never));
        Assert.False(await Store.TakeTurnAsync("a", TimeSpan.FromMinutes(1), Make.Never));
    }

    private async Task StartClosedAsync(TestWorker worker, string id, RunStatus status, Instant? createdAt = null) =>
        await CloseNowAsync(worker, await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), id: id, createdAt: createdAt)), status);

    private async Task CloseNowAsync(TestWorker worker, Holding run, RunStatus status, params NewTask[] tasks) =>
        Assert.True((await worker.WriteAsync(run.Bundle(close: status, closedAt: Now, newTasks: tasks, keepQueued: true))).Closed);

    private Task<PurgedRuns> PurgeAsync(params PurgeRule[] rules) => Store.PurgeRunsAsync(new RunPurge { Rules = rules, Limit = 100 }, Make.Never);

    private async Task<List<string>> IdsAsync() =>
        [.. (await Store.ListRunsAsync(new() { Limit = 1000 }, Make.Never)).Runs.Select(run => run.Id).Order(StringComparer.Ordinal)];

    private static string Text(PurgedRuns purged) => string.Join(", ", purged.Runs.OrderBy(count => count.Key).Select(count => $"{count.Key} {count.Value}"));
}
