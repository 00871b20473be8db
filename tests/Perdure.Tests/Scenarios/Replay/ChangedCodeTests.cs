using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Replay;

/// <summary>Code that was changed under a suspended run: it is blocked with a clear reason, nothing is done, and the old code lets it go on.</summary>
public class ChangedCodeTests
{
    private static readonly Signal<int> Go = new("go");

    private sealed record Charge(string Account, decimal Amount, string? Note = null);

    [Theory, EveryStore]
    public async Task B4_AnotherStepInItsPlaceBlocksTheRunUntilTheOldCodeIsBack(StoreKind kind)
    {
        var probe = new Probe();
        void Step(IPerdureBuilder builder, string name) => builder.AddWorkflow("change", async (WorkflowContext ctx, Unit _) =>
        {
            var first = await ctx.StepAsync("first", () => probe.NoteAsync("first", 1));
            return first + await ctx.StepAsync(name, () => probe.NoteAsync(name, 1)) + await ctx.WaitForAsync(Go);
        });
        using var change = new Change(kind);
        await change.SuspendAsync(builder => Step(builder, "A"), "change", default(Unit));
        var before = await change.HistoryAsync();

        var blocked = await change.WakeUnderAsync(builder => Step(builder, "B"), Go);

        Assert.Equal("NonDeterminism", blocked.BlockedReason);
        Assert.Matches("At event 2 expected: StepCompleted \"A\" \\(operation 1\\) recorded at ChangedCodeTests.cs:[0-9]+\\.", blocked.BlockedDetail);
        Assert.Matches("Actual: Step \"B\" \\(operation 1, ChangedCodeTests.cs:[0-9]+\\)", blocked.BlockedDetail);
        var after = await change.HistoryAsync();
        Assert.Equal([.. before, EventKind.RunBlocked], after);
        Assert.Equal(["first", "A"], probe.Calls);

        Assert.Equal(42, await change.ResumeUnderAsync<int>(builder => Step(builder, "A")));
        Assert.Equal(["first", "A"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task B5_AnotherInputBlocksTheRun_AnAddedNullDoesNot(StoreKind kind)
    {
        var probe = new Probe();
        void Pay(IPerdureBuilder builder, Charge charge) => builder
            .AddWorkflow("pay", async (WorkflowContext ctx, Unit _) => await ctx.ActivityAsync<int>("charge", charge) + await ctx.WaitForAsync(Go))
            .AddActivity("charge", (Charge input) => probe.NoteAsync(input.Account, 2));
        using var change = new Change(kind);
        await change.SuspendAsync(builder => Pay(builder, new("secret-account", 10)), "pay", default(Unit));
        var before = await change.HistoryAsync();

        var blocked = await change.WakeUnderAsync(builder => Pay(builder, new("secret-account", 11)), Go);

        Assert.Equal("NonDeterminism", blocked.BlockedReason);
        Assert.Contains("\"charge\"", blocked.BlockedDetail, StringComparison.Ordinal);
        Assert.Contains("with another input: $.amount", blocked.BlockedDetail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-account", blocked.BlockedDetail, StringComparison.Ordinal);
        Assert.Equal([.. before, EventKind.RunBlocked], await change.HistoryAsync());
        // Written as it is declared there, without the member that is null here.
        Assert.Equal(42, await change.ResumeUnderAsync<int>(builder => builder
            .AddWorkflow("pay", async (WorkflowContext ctx, Unit _) =>
                await ctx.ActivityAsync<int>("charge", new { amount = 10m, account = "secret-account" }) + await ctx.WaitForAsync(Go))
            .AddActivity("charge", (Charge input) => probe.NoteAsync(input.Account, 2))));
        Assert.Equal(["secret-account"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task B5_InRelaxedModeAnotherInputIsTaken(StoreKind kind)
    {
        void Pay(IPerdureBuilder builder, int amount) => builder
            .AddWorkflow("pay", async (WorkflowContext ctx, Unit _) => await ctx.ActivityAsync<int>("charge", amount) + await ctx.WaitForAsync(Go),
                new() { Determinism = DeterminismMode.Relaxed })
            .AddActivity("charge", (int input) => Task.FromResult(input));
        using var change = new Change(kind);
        await change.SuspendAsync(builder => Pay(builder, 1), "pay", default(Unit));

        Assert.Equal(41, await change.GoOnUnderAsync<int>(builder => Pay(builder, 2), Go));
    }

    [Theory, EveryStore]
    public async Task B13_ARenamedStepThatWaitsForItsRetryIsNeverSkipped(StoreKind kind)
    {
        var probe = new Probe();
        void Step(IPerdureBuilder builder, string name, bool fails) => builder.AddWorkflow("retry", async (WorkflowContext ctx, Unit _) =>
        {
            await ctx.StepAsync(name, () => fails ? throw new InvalidOperationException("not yet") : probe.NoteAsync(name, 1),
                new() { Retry = RetryPolicy.Constant(TimeSpan.FromMinutes(1)) });
            return await ctx.StepAsync("rest", () => probe.NoteAsync("rest", 42));
        });
        using var change = new Change(kind);
        await change.SuspendAsync(builder => Step(builder, "charge", fails: true), "retry", default(Unit));
        change.Store.Clock.Advance(TimeSpan.FromMinutes(1));

        var blocked = await change.WakeUnderAsync(builder => Step(builder, "pay", fails: false), signal: null);

        Assert.Equal("NonDeterminism", blocked.BlockedReason);
        Assert.Contains("expected: StepFailed \"charge\" (operation 0)", blocked.BlockedDetail, StringComparison.Ordinal);
        Assert.Contains("Actual: Step \"pay\" (operation 0", blocked.BlockedDetail, StringComparison.Ordinal);
        Assert.Empty(probe.Calls);
        Assert.Equal(42, await change.ResumeUnderAsync<int>(builder => Step(builder, "charge", fails: false)));
        Assert.Equal(["charge", "rest"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task InStrictMode_CodeThatDoesLessThanItsHistoryIsBlocked(StoreKind kind)
    {
        var probe = new Probe();
        using var change = new Change(kind);
        await change.SuspendAsync(builder => Wait(builder, probe, DeterminismMode.Strict), "wait", default(Unit));

        var blocked = await change.WakeUnderAsync(builder => Less(builder, DeterminismMode.Strict), Go);

        Assert.Equal("NonDeterminism", blocked.BlockedReason);
        Assert.Contains("expected: WaitStarted \"go\"", blocked.BlockedDetail, StringComparison.Ordinal);
        Assert.Equal(41, await change.ResumeUnderAsync<int>(builder => Wait(builder, probe, DeterminismMode.Strict)));
        Assert.Equal(["rest"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task OtherwiseItEnds_AndTheRunSaysWhatWasLeftOver(StoreKind kind)
    {
        var log = new LogLines("Perdure.Workflow");
        using var change = new Change(kind);
        await change.SuspendAsync(builder => Wait(builder, new Probe(), DeterminismMode.Default), "wait", default(Unit));

        Assert.Equal(7, await change.GoOnUnderAsync<int>(builder =>
        {
            log.Use(builder);
            Less(builder, DeterminismMode.Default);
        }, Go));

        var run = await change.ReadAsync();
        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.Contains("\"go\"", run.DeterminismWarning, StringComparison.Ordinal);
        Assert.Contains(log.Written, line => line.Contains(run.DeterminismWarning!, StringComparison.Ordinal));
    }

    private static void Wait(IPerdureBuilder builder, Probe probe, DeterminismMode mode) => builder.AddWorkflow("wait", async (WorkflowContext ctx, Unit _) =>
        await ctx.WaitForAsync(Go) + await ctx.StepAsync("rest", () => probe.NoteAsync("rest", 1)), new() { Determinism = mode });

    private static void Less(IPerdureBuilder builder, DeterminismMode mode) =>
        builder.AddWorkflow("wait", (WorkflowContext ctx, Unit _) => Task.FromResult(7), new() { Determinism = mode });

    [Theory, EveryStore]
    public async Task B13_AVersionThatIsGoneBlocksTheRun_AndItsReturnLetsItGoOn(StoreKind kind)
    {
        using var change = new Change(kind);
        static void Version(IPerdureBuilder builder, int version) =>
            builder.AddWorkflow(new WorkflowDefinition<Unit, int>("pinned", version), async (ctx, _) => version + await ctx.WaitForAsync(Go));
        await change.SuspendAsync(builder => Version(builder, 1), "pinned", default(Unit));

        var blocked = await change.WakeUnderAsync(builder => Version(builder, 2), Go);

        Assert.Equal("UnknownWorkflow", blocked.BlockedReason);
        Assert.Contains("\"pinned\" version 1", blocked.BlockedDetail, StringComparison.Ordinal);
        Assert.Equal(41, await change.ResumeUnderAsync<int>(builder =>
        {
            Version(builder, 1);
            Version(builder, 2);
        }));
    }
}
