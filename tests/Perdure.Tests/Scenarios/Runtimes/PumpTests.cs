using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Runtimes;

/// <summary>A host that lives as long as a request: the pump does what is due, gives everything back and tells when to come again.</summary>
public class PumpTests
{
    private static void Register(IPerdureBuilder builder, Probe probe) => builder
        .AddWorkflow("nap", async (WorkflowContext ctx, int number) =>
        {
            await ctx.StepAsync("before", () => probe.NoteAsync("before", number));
            await ctx.SleepAsync("1h");
            return await ctx.ActivityAsync<int>("double", number);
        })
        .AddWorkflow("stuck", (WorkflowContext ctx, int _) => ctx.StepAsync("hang", async ct =>
        {
            await probe.NoteAsync("hang", 0);
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
            return 1;
        }))
        .AddActivity("double", (int number) => probe.NoteAsync("double", number * 2));

    [Theory, EveryStore]
    public async Task RunOnce_DrivesWhatIsDue_GivesItBackAndTellsWhenToComeAgain(StoreKind kind)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(kind, builder => Register(builder, probe), static o => o.Runtime = PerdureRuntime.Pump);
        var nothing = await engine.TrickleAsync(engine.Pump.RunOnceAsync());
        Assert.Equal(new PumpReport(0, null), nothing);

        RunHandle[] runs = [await engine.Client.StartAsync("nap", 1), await engine.Client.StartAsync("nap", 2)];
        Assert.Equal(0, probe.Count("before"));
        var first = await engine.TrickleAsync(engine.Pump.RunOnceAsync());
        Assert.Equal((2, 2), (first.Processed, probe.Count("before")));
        foreach (var run in runs)
        {
            var info = await run.GetAsync();
            Assert.Equal((RunStatus.Suspended, true), (info.Status, info.DueAt >= first.NextDue));
            Assert.Equal(0, (await engine.Store.ReadRunAsync(new(Id: run.Id), default))!.Owner);
        }

        var early = await engine.TrickleAsync(engine.Pump.RunOnceAsync());
        Assert.Equal(new PumpReport(0, first.NextDue), early);
        engine.Clock.Advance(TimeSpan.FromHours(1));
        var last = await engine.TrickleAsync(engine.Pump.RunOnceAsync());
        Assert.Null(last.NextDue);
        foreach (var run in runs) Assert.Equal(RunStatus.Completed, await run.StatusAsync());
        Assert.Equal((2, 2), (probe.Count("before"), probe.Count("double")));
    }

    [Theory, EveryStore]
    public async Task RunOnce_AtTheEndOfItsBudget_GivesBackWhatRuns_WithItsAttemptRefunded(StoreKind kind)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(kind, builder => Register(builder, probe), static o => o.Runtime = PerdureRuntime.Pump);
        var run = await engine.Client.StartAsync("stuck", 0);
        for (var calls = 1; calls <= 2; calls++)
        {
            var report = await engine.TrickleAsync(engine.Pump.RunOnceAsync(budget: TimeSpan.FromSeconds(1)));
            Assert.Equal((1, calls), (report.Processed, probe.Count("hang")));
            Assert.True(report.NextDue <= engine.Clock.GetUtcNow());
            var row = await engine.Store.ReadRunAsync(new(Id: run.Id), default);
            Assert.Equal((0L, 0), (row!.Owner, row.Losses));
        }
    }

    [Fact]
    public async Task RunOnce_WhereAWorkerWorksByItself_IsRefused()
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, static _ => { });
        var error = await Assert.ThrowsAsync<InvalidOptionException>(() => engine.Pump.RunOnceAsync());
        Assert.Equal("PerdureOptions.Runtime", error.Option);
        await using var pump = await TestEngine.StartAsync(StoreKind.Memory, static _ => { }, static o => o.Runtime = PerdureRuntime.Pump);
        await Assert.ThrowsAsync<InvalidOptionException>(() => pump.Pump.RunOnceAsync(budget: TimeSpan.Zero));
    }
}
