using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Client;

/// <summary>Deleting many runs through the client.</summary>
public sealed class PurgeTests
{
    private static readonly Signal<int> Never = new("never");

    [Theory, EveryStore]
    public async Task PurgeAsync_DeletesWhatEndedLongAgo_AndNothingElse(StoreKind store)
    {
        await using var engine = await StartAsync(store);
        for (var i = 0; i < 5; i++) await engine.Client.RunAsync(Done, i).Soon();
        var failed = await engine.Client.StartAsync("fails", 1).Soon();
        await failed.BecomesAsync(RunStatus.Failed);
        var cancelled = await engine.Client.StartAsync("waits", 1).Soon();
        await cancelled.CancelAsync().Soon();
        await cancelled.BecomesAsync(RunStatus.Cancelled);
        var waiting = await engine.Client.StartAsync("waits", 2).Soon();
        await waiting.WaitsForAsync("signal");
        await engine.AdvanceAsync(TimeSpan.FromDays(8));
        var young = await engine.Client.StartAsync(Done, 9).Soon();
        await young.ResultAsync().Soon();

        var counted = await engine.Client.PurgeAsync(new() { OlderThan = TimeSpan.FromDays(7), DryRun = true, BatchSize = 2 }).Soon();
        Assert.Equal((5, 1, 6), (counted.Runs[RunStatus.Completed], counted.Runs[RunStatus.Failed], counted.Count));
        Assert.Equal(RunStatus.Failed, await failed.StatusAsync().Soon());

        var deleted = await engine.Client.PurgeAsync(new() { OlderThan = TimeSpan.FromDays(7), BatchSize = 2 }).Soon();
        Assert.Equal(counted.Runs, deleted.Runs);
        await Assert.ThrowsAsync<RunNotFoundException>(() => failed.StatusAsync().Soon());
        var rest = (await engine.Client.ListAsync(new() { Limit = 1_000 }).Soon()).Runs.Where(run => run.Workflow != TestEngine.Pass.Name);
        Assert.Equal(new[] { cancelled.Id, waiting.Id, young.Id }.Order(), rest.Select(run => run.Id).Order());
        Assert.Equal(1, (await engine.Client.PurgeAsync(new() { OlderThan = TimeSpan.FromDays(7), Statuses = [RunStatus.Cancelled] }).Soon()).Count);
        Assert.Equal(0, (await engine.Client.PurgeAsync(new() { OlderThan = TimeSpan.FromDays(7) }).Soon()).Count);
    }

    [Theory, EveryStore]
    public async Task O7_FifteenHundredRuns_AreCountedByADryRun_AndGoInTwoBatches(StoreKind kind)
    {
        var purges = new List<RunPurge>();
        using var store = new TestStore(kind)
        {
            Wrap = inner => StoreSpy.On(inner, (call, arguments) =>
            {
                if (call == nameof(IPerdureStore.PurgeRunsAsync)) lock (purges) purges.Add((RunPurge)arguments![0]!);
            }),
        };
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow(Done, (ctx, input) => Task.FromResult(input)));
        for (var wave = 0; wave < 15; wave++) await engine.TrickleAsync(Task.WhenAll(Enumerable.Range(0, 100).Select(i => engine.Client.RunAsync(Done, i))));
        var old = new PurgeOptions { OlderThan = TimeSpan.Zero, DryRun = true };

        var all = (await engine.Client.PurgeAsync(old).Soon()).Count;
        Assert.InRange(all, 1_500, 1_900);
        Assert.Equal(1_500, (await engine.Client.CountAsync(new RunFilter { Workflow = Done.Name }).Soon()).Values.Sum());
        purges.Clear();
        Assert.InRange((await engine.Client.PurgeAsync(old with { DryRun = false }).Soon()).Count, all, 1_900);
        // The spy sits before this store only; what a store makes of a limit is in the contract of all.
        if (kind == StoreKind.Memory) Assert.Equal([(1_000, false), (1_000, false)], purges.Select(static purge => (purge.Limit, purge.DryRun)));
        Assert.Empty(await engine.Client.CountAsync(new RunFilter { Workflow = Done.Name }).Soon());
    }

    public static TheoryData<string, PurgeOptions> Refused => new()
    {
        { "OlderThan", new() { OlderThan = TimeSpan.FromSeconds(-1) } },
        { "OlderThan", new() { OlderThan = TimeSpan.MaxValue } },
        { "Statuses", new() { OlderThan = default, Statuses = [] } },
        { "Suspended: only runs that have ended", new() { OlderThan = default, Statuses = [RunStatus.Completed, RunStatus.Suspended] } },
        { "BatchSize is 1 to 10000, not 0", new() { OlderThan = default, BatchSize = 0 } },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task PurgeAsync_OfWhatCannotBe_IsRefused(string why, PurgeOptions options)
    {
        await using var engine = await StartAsync(StoreKind.Memory);
        var error = await Assert.ThrowsAsync<InvalidOptionException>(() => engine.Client.PurgeAsync(options));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    private static readonly WorkflowDefinition<int, int> Done = new("done");

    private static Task<TestEngine> StartAsync(StoreKind store) => TestEngine.StartAsync(store, builder => builder
        .AddWorkflow(Done, (ctx, input) => Task.FromResult(input))
        .AddWorkflow("fails", Task<int> (WorkflowContext ctx, int input) => throw new WorkflowFailureException("no"))
        .AddWorkflow("waits", (WorkflowContext ctx, int input) => ctx.WaitForAsync(Never)));
}
