using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Reading runs, lists and histories.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task ReadRun_ByIdKeyOrStartKey_IsTheSameRun()
    {
        var birth = Make.Birth(await NewKeyAsync(), id: "r", startKey: "k");
        await StartAsync(birth);
        foreach (var selector in new RunSelector[] { new(Id: "r"), new(StartKey: "k"), new(Key: birth.Key) })
            Assert.Equal((birth.Key, "r", "1"),
                await Store.ReadRunAsync(selector, Make.Never) is { } run ? (run.Key, run.Id, Make.Text(run.Input)) : default);
        foreach (var selector in new RunSelector[] { new(Id: "R"), new(StartKey: "r"), new(Key: birth.Key + 1), new(Id: "k") })
            Assert.Null(await Store.ReadRunAsync(selector, Make.Never));
    }

    [Fact]
    public async Task ReadRun_FromAnotherHandle_SeesWhatWasCommitted()
    {
        var worker = await RegisterAsync();
        var other = await OpenAnotherAsync();
        var run = await StartOwnedAsync(worker);
        await worker.WriteAsync(run.Append());

        Assert.Equal(worker.Key, (await other.ReadRunAsync(new(Key: run.Run), Make.Never))!.Owner);
        Assert.Equal(2, (await other.ReadHistoryAsync(run.Run, 0, Make.Never)).Sum(batch => batch.Count));
    }

    [Fact]
    public async Task ReadHistory_FromASequence_BeginsWithTheBatchThatHoldsIt()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        foreach (var count in new[] { 3, 1, 2 })
        {
            await worker.WriteAsync(run.Append(count));
            run.Next += count;
        }
        var whole = await HistoryAsync(run.Run);
        Assert.Equal("e0;e1;e2;e3;e4;e5;e6;", whole);

        for (var from = 0; from < 7; from++)
        {
            var batches = await Store.ReadHistoryAsync(run.Run, from, Make.Never);
            Assert.True(batches[0].FirstSequence <= from && batches[0].End > from);
            Assert.Equal(7, batches[^1].End);
            Assert.EndsWith(string.Concat(batches.Select(batch => Make.Text(batch.Bytes))), whole, StringComparison.Ordinal);
        }
        Assert.Empty(await Store.ReadHistoryAsync(run.Run, 7, Make.Never));
        Assert.Empty(await Store.ReadHistoryAsync(run.Run + 40, 0, Make.Never));
    }

    [Fact]
    public async Task ListRuns_NoFilter_IsNewestFirstThenById()
    {
        foreach (var (id, second) in new[] { ("b", 1), ("a", 2), ("c", 1), ("B", 1), ("d", 3) })
            await StartAsync(Make.Birth(await NewKeyAsync(), id: id, createdAt: In(second)));

        var page = await Store.ListRunsAsync(new(), Make.Never);
        Assert.Equal(["d", "a", "c", "b", "B"], page.Runs.Select(run => run.Id));
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task ListRuns_Pages_CoverEveryRunOnceEvenWhenInstantsTie()
    {
        var ids = new List<string>();
        for (var i = 0; i < 23; i++)
        {
            ids.Add($"r{i:D2}");
            await StartAsync(Make.Birth(await NewKeyAsync(), id: ids[^1], createdAt: In(i / 7)));
        }
        foreach (var limit in new[] { 1, 5, 22, 23, 24 })
        {
            var seen = new List<string>();
            RunCursor? after = null;
            do
            {
                var page = await Store.ListRunsAsync(new() { Limit = limit, After = after }, Make.Never);
                Assert.InRange(page.Runs.Count, 1, limit);
                seen.AddRange(page.Runs.Select(run => run.Id));
                Assert.InRange(seen.Count, 1, 500);
                after = page.Next;
                // A run that starts meanwhile is newer than every page to come.
                await StartAsync(Make.Birth(await NewKeyAsync(), id: $"new {limit} {seen.Count}", queue: "new", createdAt: In(100)));
            }
            while (after is not null);
            Assert.Equal(ids.AsEnumerable().Reverse(), seen.Where(id => id[0] == 'r'));
        }
    }

    [Fact]
    public async Task ListRuns_OmittingEngineRuns_LeavesOutWorkflowsThatBeginWithAnUnderscore()
    {
        foreach (var (id, workflow) in new[] { ("a", "order"), ("b", "_schedule"), ("c", "or_der") })
            await StartAsync(Make.Birth(await NewKeyAsync(), id: id, workflow: workflow));
        Assert.Equal(["a", "c"], (await Store.ListRunsAsync(new() { OmitsEngineRuns = true }, Make.Never)).Runs.Select(run => run.Id).Order(StringComparer.Ordinal));
        Assert.Equal(3, (await Store.ListRunsAsync(new(), Make.Never)).Runs.Count);
    }

    [Fact]
    public async Task ListRuns_Filters_SelectWhatTheySay()
    {
        var worker = await RegisterAsync();
        var start = Now;
        async Task<Holding> AddAsync(string id, int second, string workflow = "order", string queue = "default",
            params (string, string)[] tags) =>
            await StartOwnedAsync(worker, Make.Birth(
                await NewKeyAsync(), id: id, workflow: workflow, queue: queue, createdAt: In(second),
                tags: tags.ToDictionary(tag => tag.Item1, tag => tag.Item2)));
        await AddAsync("a-1", 1, tags: ("city", "Bern"));
        await CloseAsync(worker, await AddAsync("a-2", 2, workflow: "refund", tags: [("city", "Basel"), ("tier", "gold")]),
            RunStatus.Failed);
        await CloseAsync(worker, await AddAsync("b-1", 3, queue: "slow", tags: [("city", "Bern"), ("tier", "gold")]));
        await worker.WriteAsync((await AddAsync("b-2", 4)).Bundle(row: Holding.Row(RunStatus.Suspended, Instant.Never)));

        await ExpectAsync(["b-2", "b-1", "a-2", "a-1"], new());
        await ExpectAsync(["a-2"], new() { Workflow = "refund" });
        await ExpectAsync([], new() { Workflow = "Refund" });
        await ExpectAsync(["b-1"], new() { Queue = "slow" });
        await ExpectAsync(["a-2"], new() { Statuses = [RunStatus.Failed] });
        await ExpectAsync(["b-1", "a-2"], new() { Statuses = [RunStatus.Completed, RunStatus.Failed, RunStatus.Blocked] });
        await ExpectAsync(["b-2", "a-1"], new() { Statuses = [RunStatus.Running, RunStatus.Suspended] });
        await ExpectAsync(["b-1", "a-1"], new() { Statuses = [RunStatus.Running, RunStatus.Completed] });
        await ExpectAsync(["a-2", "a-1"], new() { IdPrefix = "a-" });
        await ExpectAsync([], new() { IdPrefix = "A-" });
        var (from, to) = (start.Add(TimeSpan.FromSeconds(2)), start.Add(TimeSpan.FromSeconds(4)));
        await ExpectAsync(["b-1", "a-2"], new() { CreatedFrom = from, CreatedTo = to });
        await ExpectAsync(["b-1", "a-1"], new() { Tags = new Dictionary<string, string?> { ["city"] = "Bern" } });
        await ExpectAsync(["b-1", "a-2"], new() { Tags = new Dictionary<string, string?> { ["tier"] = null } });
        await ExpectAsync(["b-1"], new() { Tags = new Dictionary<string, string?> { ["tier"] = "gold", ["city"] = "Bern" } });
        await ExpectAsync([], new() { Tags = new Dictionary<string, string?> { ["city"] = "bern" } });
        await ExpectAsync(["b-1"], new()
        {
            Queue = "slow", Workflow = "order", Statuses = [RunStatus.Completed], IdPrefix = "b",
            Tags = new Dictionary<string, string?> { ["tier"] = null },
        });
        await ExpectAsync(["a-1"], new() { IdPrefix = "a-", After = new(start.Add(TimeSpan.FromSeconds(2)), "a-2") });

        async Task ExpectAsync(string[] ids, RunQuery query) =>
            Assert.Equal(ids, (await Store.ListRunsAsync(query, Make.Never)).Runs.Select(run => run.Id));
    }

    [Fact]
    public async Task ListRuns_ByLastChangeAndEnd_LeavesOutWhatIsOutside_AndLiveRunsHaveNoEnd()
    {
        var worker = await RegisterAsync();
        var runs = new List<Holding>();
        foreach (var id in new[] { "a", "b", "c" }) runs.Add(await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), id: id)));
        Pass(10);
        await CloseAsync(worker, runs[0]);
        Pass(10);
        await worker.WriteAsync(runs[1].Bundle(row: Holding.Row(RunStatus.Suspended, Instant.Never)));
        async Task<RunRecord> RowAsync(string id) => (await Store.ReadRunAsync(new(Id: id), Make.Never))!;
        var (ended, changed) = ((await RowAsync("a")).ClosedAt, (await RowAsync("b")).UpdatedAt);
        var (after, before) = (ended.Add(TimeSpan.FromMicroseconds(1)), (await RowAsync("c")).UpdatedAt);
        Assert.True(before < changed);

        await ExpectAsync("a", new() { ClosedFrom = ended });
        await ExpectAsync("", new() { ClosedFrom = after });
        await ExpectAsync("a", new() { ClosedTo = after });
        await ExpectAsync("", new() { ClosedTo = ended });
        await ExpectAsync("a", new() { ClosedTo = Instant.Never });
        await ExpectAsync("a", new() { ClosedFrom = Instant.Earliest });
        await ExpectAsync("b", new() { UpdatedFrom = changed });
        await ExpectAsync("", new() { UpdatedFrom = changed.Add(TimeSpan.FromMicroseconds(1)) });
        await ExpectAsync("ac", new() { UpdatedTo = changed });
        await ExpectAsync("c", new() { UpdatedFrom = before, UpdatedTo = before.Add(TimeSpan.FromMicroseconds(1)) });
        Assert.Equal([RunStatus.Suspended], (await Store.CountRunsAsync(new() { UpdatedFrom = changed }, Make.Never)).Keys);
        Assert.Equal([RunStatus.Completed], (await Store.CountRunsAsync(new() { ClosedFrom = ended }, Make.Never)).Keys);

        async Task ExpectAsync(string ids, RunQuery query) =>
            Assert.Equal(ids, string.Concat((await Store.ListRunsAsync(query, Make.Never)).Runs.Select(run => run.Id).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task ListRuns_ByHowTheirWaitingBegins_ComparesBytes()
    {
        var worker = await RegisterAsync();
        foreach (var (id, waiting) in new[] { ("a", """{"reason":"Lost","detail":"ä"}"""), ("b", """{"reason":"Lostness","detail":""}"""), ("c", """{"reason":"lost"}"""), ("d", "") })
        {
            var run = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), id: id));
            await worker.WriteAsync(run.Bundle(row: new() { Status = RunStatus.Blocked, DueAt = Instant.Never, Waiting = Make.Bytes(waiting) }));
        }
        await StartAsync(Make.Birth(await NewKeyAsync(), id: "e"));

        await ExpectAsync("ab", """{"reason":"Lost""");
        await ExpectAsync("a", """{"reason":"Lost",""");
        await ExpectAsync("a", """{"reason":"Lost","detail":"ä""");
        await ExpectAsync("", """{"reason":"Lost","detail":"a""");
        await ExpectAsync("", """{"reason":"lost"} and more""");

        async Task ExpectAsync(string ids, string prefix) =>
            Assert.Equal(ids, string.Concat((await Store.ListRunsAsync(new() { WaitingPrefix = prefix }, Make.Never)).Runs.Select(run => run.Id).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task ListRuns_ByText_LooksIntoWorkflowIdAndKey_AndOnlyTheCaseOfAToZDoesNotCount()
    {
        foreach (var (id, workflow, key) in new[]
        {
            ("Order-1", "ship", null), ("2", "re-ORDER", null), ("3", "ship", "my\\order%1_x"), ("4", "Ärger", "Straße"), ("5", "ship", "nul\0 and \\0"), ("6", "ship", "\\"),
        })
            await StartAsync(Make.Birth(await NewKeyAsync(), id: id, workflow: workflow, startKey: key));

        await ExpectAsync("123", "ORDer");
        await ExpectAsync("3", "\\order");
        await ExpectAsync("3", "R%1_");
        await ExpectAsync("", "r_1");
        await ExpectAsync("4", "Är");
        await ExpectAsync("", "är");
        await ExpectAsync("4", "STRAß");
        await ExpectAsync("", "strass");
        await ExpectAsync("5", "l\0 AND");
        await ExpectAsync("5", "\\0");
        await ExpectAsync("356", "\\");
        await ExpectAsync("5", "0");
        await ExpectAsync("1356", "HI");
        Assert.Equal(3, Assert.Single(await Store.CountRunsAsync(new() { Text = "order" }, Make.Never)).Value);

        async Task ExpectAsync(string ids, string text) =>
            Assert.Equal(ids, string.Concat((await Store.ListRunsAsync(new() { Text = text }, Make.Never)).Runs.Select(run => run.Id[^1]).Order()));
    }

    [Fact]
    public async Task CountWorkflows_CountsByStatusAndTellsTheNewest_WithoutTheEnginesOwn()
    {
        Assert.Empty(await Store.CountWorkflowsAsync(Make.Never));
        var worker = await RegisterAsync();
        foreach (var (id, workflow, second) in new[] { ("a", "order", 1), ("b", "order", 3), ("c", "order", 2), ("d", "Order", 5), ("e", "_schedule", 9) })
        {
            var run = await StartOwnedAsync(worker, Make.Birth(await NewKeyAsync(), id: id, workflow: workflow, createdAt: In(second)));
            if (id is "a" or "b") await CloseAsync(worker, run);
        }
        Assert.Equal([("Order", RunStatus.Running, 1, In(5)), ("order", RunStatus.Running, 1, In(2)), ("order", RunStatus.Completed, 2, In(3))],
            (await Store.CountWorkflowsAsync(Make.Never)).Select(count => (count.Workflow, count.Status, count.Count, count.LastCreatedAt))
                .OrderBy(count => count.Workflow, StringComparer.Ordinal).ThenBy(count => count.Status));
    }

    [Fact]
    public async Task ListRuns_PagesOfAFilteredList_CoverEveryRunOnce()
    {
        for (var i = 0; i < 30; i++) await StartAsync(Make.Birth(await NewKeyAsync(), id: $"{(i % 3 == 0 ? "Find" : "leave")}-{i:D2}", createdAt: In(i / 9)));
        foreach (var limit in new[] { 1, 3, 10, 11 })
        {
            var seen = new List<string>();
            var query = new RunQuery { Limit = limit, Text = "fIND", UpdatedFrom = Instant.Earliest, UpdatedTo = In(1000) };
            RunPage page;
            do
            {
                page = await Store.ListRunsAsync(query, Make.Never);
                seen.AddRange(page.Runs.Select(run => run.Id));
                Assert.InRange(seen.Count, 1, 10);
                query = query with { After = page.Next };
            }
            while (page.Next is not null);
            Assert.Equal(Enumerable.Range(0, 10).Select(i => $"Find-{27 - i * 3:D2}"), seen);
        }
    }

    [Fact]
    public async Task ListRuns_IdPrefixWithWildcards_TakesThemLiterally()
    {
        foreach (var id in new[] { "a%b", "a_b", "axb", "a*b" }) await StartAsync(Make.Birth(await NewKeyAsync(), id: id));
        foreach (var id in new[] { "a%", "a_", "a*" })
            Assert.Equal(id + "b", Assert.Single((await Store.ListRunsAsync(new() { IdPrefix = id }, Make.Never)).Runs).Id);
    }

    [Fact]
    public async Task ListRuns_Summary_SaysWhatTheRowSays()
    {
        var worker = await RegisterAsync();
        var tags = new Dictionary<string, string> { ["a"] = "1", ["ä \"quoted\""] = "line\nbreak" };
        var run = await StartOwnedAsync(worker,
            Make.Birth(await NewKeyAsync(), id: "r", startKey: "k", queue: "slow", priority: 2, createdAt: In(-9), tags: tags));
        Pass(1);
        await worker.WriteAsync(run.Bundle(row: Holding.Row(RunStatus.Suspended, In(50)) with { Phase = RunPhase.Cancelling }));

        var summary = Assert.Single((await Store.ListRunsAsync(new(), Make.Never)).Runs);
        Assert.Equal(("r", "order", 3, RunStatus.Suspended, RunPhase.Cancelling, "slow", 2), (
            summary.Id, summary.Workflow, summary.Version, summary.Status, summary.Phase, summary.Queue, summary.Priority));
        Assert.Equal((In(-10), Now, Instant.Never, In(50), "k"),
            (summary.CreatedAt, summary.UpdatedAt, summary.ClosedAt, summary.DueAt, summary.StartKey));
        Assert.Equal(tags, summary.Tags);
        Assert.Equal(tags, (await ReadAsync(run.Run)).Tags);
        await CloseAsync(worker, run);
        Assert.Equal(new Instant(5_000_000), Assert.Single((await Store.ListRunsAsync(new(), Make.Never)).Runs).ClosedAt);
    }

    [Fact]
    public async Task Call_ThatIsCancelledBeforeItBegins_ChangesNothing()
    {
        var birth = Make.Birth(await NewKeyAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.StartRunsAsync([birth], new CancellationToken(canceled: true)));

        Assert.Null(await Store.ReadRunAsync(new(Id: birth.Id), Make.Never));
    }
}
