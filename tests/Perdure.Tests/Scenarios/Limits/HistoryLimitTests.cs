using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Limits;

/// <summary>Long histories: warned of, then blocked, never killed.</summary>
public class HistoryLimitTests
{
    private static void Register(IPerdureBuilder builder, int steps) => builder.AddWorkflow("long", async (WorkflowContext ctx, Unit _) =>
    {
        for (var i = 0; i < steps; i++) await ctx.StepAsync("step", () => Task.FromResult(i));
        return steps;
    });

    [Theory, EveryStore]
    public async Task AWarningIsLoggedAtTheSoftLimitAndEveryFewEventsBehindIt(StoreKind store)
    {
        var log = new LogLines("Perdure.Workflow");
        await using var engine = await TestEngine.StartAsync(store, builder =>
        {
            log.Use(builder);
            Register(builder, steps: 8);
        }, o => (o.HistoryWarning, o.HistoryWarningEvery) = (5, 3));

        var run = await engine.Client.StartAsync("long", default(Unit)).Soon();
        Assert.Equal(8, await engine.TrickleAsync(run.ResultAsync<int>()));

        // Nine events before the last one that ends it: the soft limit is reached with the fifth, and again with the eighth.
        Assert.Equal(
            [$"Run {run.Id} has 5 events; at 50000 it is blocked.", $"Run {run.Id} has 8 events; at 50000 it is blocked."],
            log.Written.Select(line => line[..(line.IndexOf("blocked.", StringComparison.Ordinal) + 8)]));
    }

    [Theory, EveryStore]
    public async Task AtTheHardLimitTheRunIsBlocked_AndAHigherLimitLetsItGoOn(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Counting(IPerdureBuilder builder) => builder.AddWorkflow("long", async (WorkflowContext ctx, Unit _) =>
        {
            for (var i = 0; i < 150; i++) await ctx.StepAsync("step", () => probe.NoteAsync("step", 1));
            return 150;
        });
        string id;
        await using (var first = await TestEngine.StartAsync(store, Counting, o => o.HistoryLimit = 100))
        {
            var run = await first.Client.StartAsync("long", default(Unit)).Soon();
            id = run.Id;
            await first.TrickleAsync(run.BecomesAsync(RunStatus.Blocked));
            var info = await run.GetAsync();
            Assert.Equal("HistoryLimit", info.BlockedReason);
            Assert.Contains("(limit 100)", info.BlockedDetail, StringComparison.Ordinal);
            Assert.Equal(99, probe.Calls.Length);
            // Resuming alone does not help.
            Assert.True(await run.ResumeAsync().Soon());
            await first.TrickleAsync(Waiting.UntilAsync(async () => (await run.GetHistoryAsync(kinds: [EventKind.RunBlocked])).Count == 2));
            await first.StopAsync();
        }
        await using var second = await TestEngine.StartAsync(store, Counting, o => o.HistoryLimit = 1000);
        Assert.True(await second.Client.ResumeAsync(id).Soon());

        Assert.Equal(150, await second.TrickleAsync(second.Client.Handle<int>(id).ResultAsync()));
        Assert.Equal(150, probe.Calls.Length);
    }
}
