using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Client;

/// <summary>Lists of runs: filters, pages, what a summary shows.</summary>
public class ListTests
{
    private static void Register(IPerdureBuilder builder) => builder
        .AddWorkflow("even", (WorkflowContext ctx, int number) => Task.FromResult(number))
        .AddWorkflow("odd", (WorkflowContext ctx, int number) => Task.FromResult(number));

    [Theory, EveryStore]
    public async Task ListAsync_FiltersByEveryMember(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var client = TestEngine.ClientOnly(store, Register);
        var start = store.Clock.GetUtcNow();
        for (var i = 0; i < 6; i++)
        {
            await client.Client.StartAsync(i % 2 == 0 ? "even" : "odd", i, new()
            {
                Id = $"run-{i}", Key = $"key-{i}", Queue = i < 3 ? "first" : "second", Priority = i,
                Tags = new Dictionary<string, string> { ["parity"] = (i % 2).ToString(System.Globalization.CultureInfo.InvariantCulture), [$"n{i}"] = "" },
            }).Soon();
            store.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        await client.Client.CancelAsync("run-5");
        await using var engine = await TestEngine.StartAsync(store, Register, o => o.Queue("second"));
        await engine.Client.Handle("run-3").WaitAsync().Soon();
        await engine.Client.Handle("run-4").WaitAsync().Soon();
        await engine.Client.Handle("run-5").BecomesAsync(RunStatus.Cancelled);

        async Task<string> List(RunFilter filter) => string.Concat((await client.Client.ListAsync(filter)).Runs.Select(run => run.Id[^1]));
        Assert.Equal("543210", await List(new()));
        Assert.Equal("420", await List(new() { Workflow = "even" }));
        Assert.Equal("543", await List(new() { Queue = "second" }));
        Assert.Equal("210", await List(new() { Statuses = [RunStatus.Pending] }));
        Assert.Equal("543", await List(new() { Statuses = [RunStatus.Completed, RunStatus.Cancelled] }));
        Assert.Equal("531", await List(new() { Tags = new Dictionary<string, string?> { ["parity"] = "1" } }));
        Assert.Equal("2", await List(new() { Tags = new Dictionary<string, string?> { ["parity"] = null, ["n2"] = "" } }));
        Assert.Equal("32", await List(new() { CreatedFrom = start.AddMinutes(2), CreatedTo = start.AddMinutes(4) }));
        Assert.Equal("4", await List(new() { IdPrefix = "run-4" }));
        Assert.Equal("", await List(new() { IdPrefix = "run_" }));
        Assert.Equal("0", await List(new() { Workflow = "even", Queue = "first", CreatedTo = start.AddMinutes(1) }));

        var summary = (await client.Client.ListAsync(new() { IdPrefix = "run-4" })).Runs[0];
        Assert.Equal(("even", RunStatus.Completed, "second", 4, "key-4"), (summary.Workflow, summary.Status, summary.Queue, summary.Priority, summary.Key));
        Assert.Equal(start.AddMinutes(4), summary.CreatedAt);
        Assert.Equal(start.AddMinutes(6), summary.ClosedAt);
        Assert.Null(summary.DueAt);
        Assert.Equal("0", summary.Tags["parity"]);
    }

    [Theory, EveryStore]
    public async Task ListAsync_PagesLoseAndRepeatNothing_AlsoAmongEqualInstants(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var client = TestEngine.ClientOnly(store, Register);
        for (var i = 0; i < 25; i++)
        {
            await client.Client.StartAsync("even", i).Soon();
            if (i % 10 == 9) store.Clock.Advance(TimeSpan.FromMicroseconds(1));
        }

        var seen = new List<string>();
        RunList page;
        string? after = null;
        do
        {
            page = await client.Client.ListAsync(new() { Limit = 4, After = after });
            seen.AddRange(page.Runs.Select(run => run.Id));
            after = page.Next;
            // A newer run does not move the pages behind.
            store.Clock.Advance(TimeSpan.FromMilliseconds(1));
            await client.Client.StartAsync("odd", 1).Soon();
        }
        while (after is not null);

        Assert.Equal(25, seen.Count);
        Assert.Equal(25, seen.Distinct().Count());
        Assert.Equal(25, (await client.Client.ListAsync(new() { Workflow = "even" })).Runs.Count);
    }

    [Theory, EveryStore]
    public async Task ListAsync_FindsByLastChangeEndReasonAndText(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("Waits-for-Go", (WorkflowContext ctx, int _) => ctx.WaitForAsync(new Signal<int>("go")))
            .AddWorkflow("strays", async (WorkflowContext ctx, int _) =>
            {
                await Task.Yield();
                await Task.Delay(TimeSpan.FromDays(1));
                return 1;
            }));
        await engine.Client.StartAsync("Waits-for-Go", 1, new() { Id = "a", Key = "Invoice 7" }).Soon();
        await engine.Client.Handle("a").WaitsForAsync("signal");
        await engine.Client.StartAsync("strays", 1, new() { Id = "b" }).Soon();
        await engine.Client.Handle("b").BecomesAsync(RunStatus.Blocked);
        var reason = (await engine.Client.GetAsync("b")).BlockedReason!;
        engine.Clock.Advance(TimeSpan.FromMinutes(1));
        var later = engine.Clock.GetUtcNow();
        await engine.TrickleAsync(engine.Client.StartAsync("Waits-for-Go", 2, new() { Id = "c" }));
        await engine.TrickleAsync(engine.Client.Handle("c").WaitsForAsync("signal"));
        await engine.TrickleAsync(engine.Client.SignalAsync("a", "go", 1));
        await engine.TrickleAsync(engine.Client.Handle("a").WaitAsync());

        async Task<string> List(RunFilter filter) => string.Concat((await engine.Client.ListAsync(filter)).Runs.Select(run => run.Id));
        Assert.Equal("a", await List(new() { ClosedFrom = later }));
        Assert.Equal("", await List(new() { ClosedTo = later }));
        Assert.Equal("ca", await List(new() { UpdatedFrom = later }));
        Assert.Equal("b", await List(new() { UpdatedTo = later }));
        Assert.Equal("b", await List(new() { BlockedReason = reason }));
        Assert.Equal("b", await List(new() { BlockedReason = reason, Statuses = [RunStatus.Failed, RunStatus.Blocked] }));
        Assert.Equal("", await List(new() { BlockedReason = reason[..^1] }));
        Assert.Equal("ca", await List(new() { Text = "FOR-g" }));
        Assert.Equal("a", await List(new() { Text = "invoice" }));
        Assert.Equal("c", await List(new() { Text = "waits", Statuses = [RunStatus.Suspended] }));
        Assert.Equal(1, Assert.Single(await engine.Client.CountAsync(new() { BlockedReason = reason })).Value);
    }

    [Theory, EveryStore]
    public async Task ListWorkflows_TellsThoseThatAreRegisteredOrHaveRuns(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var client = TestEngine.ClientOnly(store, builder => Register(builder));
        await client.Client.StartAsync("even", 2).Soon();
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        var cancelled = await client.Client.StartAsync("even", 4).Soon();
        await client.Client.StartAsync("elsewhere", 4, new() { AllowRemote = true, Queue = "nobody" }).Soon();
        var last = store.Clock.GetUtcNow();

        var workflows = (await client.Client.ListWorkflowsAsync()).Where(static workflow => workflow.Name != TestEngine.Pass.Name).ToList();
        Assert.Equal(["elsewhere", "even", "odd"], workflows.Select(workflow => workflow.Name));
        Assert.Equal([0, 1, 1], workflows.Select(workflow => workflow.Versions.Count));
        Assert.Equal((2, last, RunStatus.Pending), (workflows[1].Runs[RunStatus.Pending], workflows[1].LastCreatedAt, workflows[1].LastStatus));
        Assert.True(workflows[2] is { Runs.Count: 0, LastCreatedAt: null, LastStatus: null });

        await cancelled.CancelAsync();
        await using var engine = await TestEngine.StartAsync(store, Register);
        await engine.Client.Handle(cancelled.Id).BecomesAsync(RunStatus.Cancelled);
        await Waiting.UntilAsync(async () => (await engine.Client.CountAsync(new() { Workflow = "even" })).GetValueOrDefault(RunStatus.Completed) == 1);
        var even = (await engine.Client.ListWorkflowsAsync()).Single(static workflow => workflow.Name == "even");
        Assert.Equal((1, 1, RunStatus.Cancelled), (even.Runs[RunStatus.Completed], even.Runs[RunStatus.Cancelled], even.LastStatus));
    }

    [Fact]
    public async Task ListAsync_AFilterThatBreaksARuleIsRefused()
    {
        using var store = new TestStore(StoreKind.Memory);
        await using var client = TestEngine.ClientOnly(store);
        foreach (var filter in new RunFilter[]
        {
            new() { Limit = 0 }, new() { Limit = 1001 }, new() { After = "soon" }, new() { Statuses = [(RunStatus)77] }, new() { Text = "" }, new() { Text = new string('x', 256) },
            new() { Text = "\ud800" }, new() { BlockedReason = "a\",\"b" }, new() { BlockedReason = "" }, new() { BlockedReason = "CrashLoop", Statuses = [RunStatus.Failed] },
        })
        {
            await Assert.ThrowsAsync<InvalidOptionException>(() => client.Client.ListAsync(filter));
        }
    }
}
