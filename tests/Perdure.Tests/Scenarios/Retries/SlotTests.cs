using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Retries;

/// <summary>A retry waits in the store: it holds no slot, and a graceful stop costs it nothing.</summary>
public class SlotTests
{
    private static readonly RetryPolicy Later = RetryPolicy.Constant(TimeSpan.FromMinutes(1)) with { MaxAttempts = 2 };

    [Theory, EveryStore]
    public async Task C10_AnotherRunUsesTheOnlySlotDuringTheWait(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("step", (WorkflowContext ctx, string name) => ctx.StepAsync("work", (StepInfo info) => WorkAsync(name, info), new() { Retry = Later }))
            .AddWorkflow("activity", (WorkflowContext ctx, string name) => ctx.ActivityAsync<int>("work", name, new() { Retry = Later }))
            .AddActivity("work", (string name, StepInfo info) => WorkAsync(name, info)), o =>
            {
                o.MaxConcurrentSteps = 1;
                o.Queue("default", maxConcurrency: 1);
            });
        foreach (var workflow in new[] { "step", "activity" })
        {
            var waiting = await engine.Client.StartAsync(workflow, workflow + " fails").Soon();
            await Waiting.UntilAsync(async () => (await waiting.GetHistoryAsync(kinds: [EventKind.StepRetryScheduled, EventKind.ActivityRetryScheduled])).Count == 1);
            var other = await engine.Client.StartAsync(workflow, workflow + " works").Soon();

            // No time passes, so the retry is still waiting.
            Assert.Equal(1, await other.ResultAsync<int>().Soon());

            Assert.Equal(RunStatus.Suspended, await waiting.StatusAsync());
            Assert.Equal([workflow + " fails 1", workflow + " works 1"], probe.Calls[^2..]);
            engine.Clock.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(2, await engine.TrickleAsync(waiting.ResultAsync<int>()));
        }

        Task<int> WorkAsync(string name, StepInfo info)
        {
            probe.Note($"{name} {info.Attempt}");
            return name.EndsWith("fails", StringComparison.Ordinal) && info.Attempt == 1
                ? throw new InvalidOperationException("not yet") : Task.FromResult(info.Attempt);
        }
    }

    [Theory, EveryStore(SeveralWorkers = true)]
    public async Task C8_AGracefulStopRefundsTheAttemptThatItInterrupts(StoreKind kind)
    {
        foreach (var workflow in new[] { "step", "queued", "local" })
        {
            using var store = new TestStore(kind);
            var probe = new Probe();
            async Task<int> WorkAsync(StepInfo info, CancellationToken ct)
            {
                await probe.HoldAsync("work", ct);
                return info.Attempt;
            }
            void Register(IPerdureBuilder builder) => builder
                .AddWorkflow("step", (WorkflowContext ctx, Unit _) => ctx.StepAsync("work", (StepInfo info, CancellationToken ct) => WorkAsync(info, ct)))
                .AddWorkflow("queued", (WorkflowContext ctx, Unit _) => ctx.ActivityAsync<int>("work"))
                .AddWorkflow("local", (WorkflowContext ctx, Unit _) => ctx.ActivityAsync<int>("work", options: new() { RunLocally = true }))
                .AddActivity("work", (Unit _, StepInfo info, CancellationToken ct) => WorkAsync(info, ct));
            await using var first = await TestEngine.StartAsync(store, Register, o => o.ShutdownGrace = TimeSpan.FromSeconds(2));
            var run = await first.Client.StartAsync(workflow, default(Unit)).Soon();
            await probe.ReachedAsync("work");

            await first.StopAsync();
            await using var second = await TestEngine.StartAsync(store, Register);
            await probe.ReachedAsync("work", times: 2);
            probe.Open("work");

            Assert.Equal(1, await second.TrickleAsync(second.Client.Handle<int>(run.Id).ResultAsync()));
            Assert.DoesNotContain(await run.GetHistoryAsync(), e => e.Kind is EventKind.StepFailed or EventKind.ActivityFailed or EventKind.ActivityCancelled);
            Assert.Equal(0, (await run.GetAsync()).Crashes);
        }
    }
}
