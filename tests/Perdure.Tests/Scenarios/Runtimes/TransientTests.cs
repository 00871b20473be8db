using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Runtimes;

/// <summary>The same code without the store: it runs in this process, leaves nothing behind, and ends with it.</summary>
public class TransientTests
{
    private static readonly Signal<int> Go = new("go");
    private static readonly WorkflowDefinition<int, int> Twice = new("twice");
    private static readonly StartOptions Transient = new() { Transient = true };

    private static void Register(IPerdureBuilder builder, Probe probe) => builder
        .AddWorkflow("whole", async (WorkflowContext ctx, int number) =>
        {
            var flaky = await ctx.StepAsync("flaky", async () =>
            {
                var noted = await probe.NoteAsync("flaky", 1);
                return probe.Count("flaky") < 3 ? throw new TimeoutException() : noted;
            }, new() { Retry = RetryPolicy.Constant(TimeSpan.FromSeconds(5)) with { Jitter = 0, MaxAttempts = 3 } });
            await ctx.SleepAsync("1h");
            var doubled = await ctx.ActivityAsync<int>("double", number, new() { Queue = "elsewhere" });
            var child = await ctx.ChildAsync(Twice, number, new() { Queue = "elsewhere" });
            return flaky + doubled + child + await ctx.WaitForAsync(Go);
        })
        .AddWorkflow(Twice, (_, number) => Task.FromResult(number * 2), new() { Durable = false })
        .AddWorkflow("long", async (WorkflowContext ctx, int steps) =>
        {
            for (var i = 0; i < steps; i++) await ctx.StepAsync("step", () => Task.FromResult(i), new() { Durability = StepDurability.Deferred });
            return steps;
        })
        .AddActivity("double", (int number) => probe.NoteAsync("double", number * 2));

    [Fact]
    public async Task Transient_RunsTheSameCode_AndIsSeenByItsHandleOnly()
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder => Register(builder, probe));
        var began = engine.Clock.GetUtcNow();
        var run = await engine.Client.StartAsync("whole", 10, Transient with { Queue = "elsewhere" });
        var ended = run.ResultAsync<int>();
        await engine.TrickleAsync(run.WaitsForAsync("signal"));
        Assert.True(engine.Clock.GetUtcNow() - began >= TimeSpan.FromHours(1) + TimeSpan.FromSeconds(10));
        Assert.Equal((3, 1), (probe.Count("flaky"), probe.Count("double")));

        Assert.DoesNotContain((await engine.Client.ListAsync()).Runs, one => one.Workflow == "whole");
        await Assert.ThrowsAsync<RunNotFoundException>(() => engine.Client.GetAsync(run.Id));
        Assert.Equal(RunStatus.Suspended, await run.StatusAsync());
        await run.SignalAsync(Go, 100);
        Assert.Equal(1 + 20 + 20 + 100, await engine.TrickleAsync(ended));
        Assert.Equal(EventKind.WorkflowCompleted, (await run.GetHistoryAsync())[^1].Kind);
    }

    [Fact]
    public async Task Transient_IsChosenByStartOverWorkflowOverDefault()
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder => Register(builder, new Probe()), static o => o.DefaultDurable = false);
        var byDefault = await engine.Client.StartAsync("long", 1);
        var byWorkflow = await engine.Client.StartAsync(Twice, 1);
        var durable = await engine.Client.StartAsync(Twice, 1, new() { Transient = false });
        await Task.WhenAll(byDefault.WaitAsync(), byWorkflow.WaitAsync(), durable.WaitAsync()).Soon();
        Assert.Equal([durable.Id], (await engine.Client.ListAsync()).Runs.Where(run => run.Workflow != "test-pass").Select(run => run.Id));
        Assert.Equal(4, await engine.Client.RunAsync(Twice, 2).Soon());
    }

    [Fact]
    public async Task Transient_HasNoHistoryLimit()
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder => Register(builder, new Probe()), static o => o.HistoryLimit = 100);
        var run = await engine.Client.StartAsync("long", 500, Transient);
        Assert.Equal(500, await run.ResultAsync<int>().Soon());
    }

    [Fact]
    public async Task Transient_IsCancelledByItsHandle_AndEndsWithTheProcess()
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder => Register(builder, new Probe()));
        var cancelled = await engine.Client.StartAsync("whole", 1, Transient);
        var left = await engine.Client.StartAsync("whole", 1, Transient);
        await cancelled.CancelAsync("enough");
        await Assert.ThrowsAsync<RunCancelledException>(() => engine.TrickleAsync(cancelled.WaitAsync()));
        var waiting = left.WaitAsync();
        await engine.StopAsync();
        await Assert.ThrowsAsync<RunTerminatedException>(() => engine.TrickleAsync(waiting));
    }

    [Fact]
    public async Task Transient_WhatNeedsAnotherProcess_IsRefusedAtOnce()
    {
        using var store = new TestStore(StoreKind.Memory);
        await using var engine = await TestEngine.StartAsync(store, builder => Register(builder, new Probe()));
        await using var client = TestEngine.ClientOnly(store, builder => Register(builder, new Probe()));
        var remote = await Assert.ThrowsAsync<NotDurableException>(() => engine.Client.StartAsync("nowhere", 1, Transient with { AllowRemote = true }));
        Assert.Equal("PERD1221", remote.Code);
        await Assert.ThrowsAsync<NotDurableException>(() => engine.Client.SignalWithStartAsync("whole", 1, "go", 1, Transient with { Id = "x" }));
        await Assert.ThrowsAsync<NotDurableException>(() => client.Client.StartAsync("whole", 1, Transient));
    }
}
