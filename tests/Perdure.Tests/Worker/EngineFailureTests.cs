using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Worker;

/// <summary>What nobody foresaw ends no loop in silence: it is logged, the worker begins anew, and no work is lost.</summary>
public class EngineFailureTests
{
    private const int WorkerFailed = 1009;
    private const int Registered = 1001;

    private static readonly WorkflowDefinition<string, string> Work = new("work");
    private static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(500);

    [Theory]
    [InlineData(nameof(IPerdureStore.CommitGroupAsync))]
    [InlineData(nameof(IPerdureStore.ClaimRunsAsync))]
    [InlineData(nameof(IPerdureStore.ClaimTasksAsync))]
    [InlineData(nameof(IPerdureStore.ReadMessagesAsync))]
    [InlineData(nameof(IPerdureStore.RenewAsync))]
    [InlineData(nameof(IPerdureStore.FenceDeadWorkersAsync))]
    public async Task StoreCallThatFailsUnforeseen_IsLoggedAndTheWorkerBeginsAnew(string call)
    {
        var failures = 0;
        var log = new LogCapture();
        using var store = new TestStore(StoreKind.Memory)
        {
            Wrap = inner => StoreSpy.On(inner, name =>
            {
                if (name == call && Interlocked.Exchange(ref failures, 0) == 1) throw new InvalidOperationException("Nobody foresaw this.");
            }),
        };
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder =>
        {
            builder.Services.AddLogging(logging => logging.AddProvider(log));
            builder.AddActivity("hold", async (string name) =>
            {
                await probe.HoldAsync(name);
                return name;
            });
            builder.AddWorkflow(Work, async (ctx, name) =>
            {
                var held = await ctx.ActivityAsync<string>("hold", name);
                return held + await ctx.StepAsync("after", () => Task.FromResult("!"));
            });
        }, options => (options.Lease, options.PollInterval) = (Lease, Lease / 2));
        var before = await engine.Client.StartAsync(Work, "before").Soon();
        await probe.ReachedAsync("before");

        Volatile.Write(ref failures, 1);
        probe.Open("before");
        var after = await engine.Client.StartAsync(Work, "after").Soon();
        await engine.TrickleAsync(Waiting.UntilAsync(() => log.Count(WorkerFailed) == 1));
        probe.Open("after");

        Assert.Equal("before!", await engine.TrickleAsync(before.ResultAsync()));
        Assert.Equal("after!", await engine.TrickleAsync(after.ResultAsync()));
        await engine.TrickleAsync(Waiting.UntilAsync(() => log.Count(Registered) == 2));
        Assert.Contains(log.Lines, line => line.Id == WorkerFailed && line.Text.Contains("Nobody foresaw this.", StringComparison.Ordinal));
    }
}
