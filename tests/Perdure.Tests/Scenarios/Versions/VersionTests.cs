using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Versions;

/// <summary>Code that changes under runs that wait, and the runs that keep to what they were told.</summary>
public class VersionTests
{
    private static readonly Signal<int> Go = new("go");

    [Theory, EveryStore]
    public async Task K1_ARunKeepsTheVersionThatItRecorded_AndNewRunsRecordTheNewest(StoreKind kind)
    {
        using var change = new Change(kind);
        static void Code(IPerdureBuilder builder, int max) => builder.AddWorkflow("versioned", async (WorkflowContext ctx, Unit _) =>
        {
            var first = ctx.GetVersion("x", 1, max);
            await ctx.WaitForAsync(Go);
            await ctx.StepAsync("v" + first, () => Task.CompletedTask);
            return 10 * first + ctx.GetVersion("x", 1, max);
        });
        await change.SuspendAsync(builder => Code(builder, 1), "versioned", default(Unit));
        Assert.Equal([EventKind.WorkflowStarted, EventKind.VersionMarker, EventKind.WaitStarted], await change.HistoryAsync());

        await using (var engine = await TestEngine.StartAsync(change.Store, builder => Code(builder, 2)))
        {
            var fresh = await engine.Client.StartAsync("versioned", default(Unit)).Soon();
            await fresh.SignalAsync(Go, 1).Soon();
            Assert.Equal(22, await fresh.ResultAsync<int>().Soon());
            await engine.StopAsync();
        }
        Assert.Equal(11, await change.GoOnUnderAsync<int>(builder => Code(builder, 2), Go));
    }

    [Theory, EveryStore]
    public async Task K1_ARunThatPassedBeforeTheChangeHasTheDefaultVersion_AndNoMarkerIsWritten(StoreKind kind)
    {
        using var change = new Change(kind);
        static void Code(IPerdureBuilder builder, bool changed) => builder.AddWorkflow("passed", async (WorkflowContext ctx, Unit _) =>
        {
            var version = changed ? ctx.GetVersion("x", WorkflowContext.DefaultVersion, 3) : 0;
            await ctx.StepAsync("work", () => Task.CompletedTask);
            await ctx.WaitForAsync(Go);
            return version;
        });
        await change.SuspendAsync(builder => Code(builder, changed: false), "passed", default(Unit));

        Assert.Equal(-1, await change.GoOnUnderAsync<int>(builder => Code(builder, changed: true), Go));
        Assert.DoesNotContain(EventKind.VersionMarker, await change.HistoryAsync());
    }

    [Theory, EveryStore]
    public async Task K3_ARunWhoseVersionIsGoneIsBlocked_AndGoesOnByItselfUnderAWorkerThatHasIt(StoreKind kind)
    {
        var probe = new Probe();
        using var change = new Change(kind);
        void Code(IPerdureBuilder builder, int min, int max) => builder.AddWorkflow("versioned", async (WorkflowContext ctx, Unit _) =>
        {
            var version = ctx.GetVersion("x", min, max);
            await ctx.WaitForAsync(Go);
            return await ctx.StepAsync("work", () => probe.NoteAsync("work", version));
        });
        await change.SuspendAsync(builder => Code(builder, 1, 1), "versioned", default(Unit));

        var blocked = await change.WakeUnderAsync(builder => Code(builder, 2, 3), Go);
        Assert.Equal("UnsupportedVersion", blocked.BlockedReason);
        Assert.Contains("versions 2 to 3 of the change \"x\"", blocked.BlockedDetail, StringComparison.Ordinal);
        Assert.Contains("the run follows version 1", blocked.BlockedDetail, StringComparison.Ordinal);
        Assert.Empty(probe.Calls);

        // One that does not fit either leaves it alone, whatever it may do by itself.
        await using (var unfit = await TestEngine.StartAsync(change.Store, builder =>
        {
            Code(builder, 2, 4);
            builder.AddWorkflow("nap", (WorkflowContext ctx, Unit _) => ctx.SleepAsync("4s"));
        }, o => o.ResumeFittingRuns = true))
        {
            await unfit.TrickleAsync(unfit.Client.RunAsync<Unit, Unit>(new("nap"), default));
            await unfit.StopAsync();
        }
        Assert.DoesNotContain(EventKind.RunResumed, await change.HistoryAsync());

        await using var fit = await TestEngine.StartAsync(change.Store, builder => Code(builder, 1, 3), o => o.ResumeFittingRuns = true);
        Assert.Equal(1, await fit.TrickleAsync(fit.Client.Handle<int>(blocked.Id).ResultAsync()));
        Assert.Equal(["work"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task K3_ABlockedRunGoesOnByItselfWhenItsWorkflowIsBack(StoreKind kind)
    {
        using var change = new Change(kind);
        static void Version(IPerdureBuilder builder, int version) =>
            builder.AddWorkflow(new WorkflowDefinition<Unit, int>("pinned", version), async (ctx, _) => version + await ctx.WaitForAsync(Go));
        await change.SuspendAsync(builder => Version(builder, 1), "pinned", default(Unit));
        var blocked = await change.WakeUnderAsync(builder => Version(builder, 2), Go);

        await using var fit = await TestEngine.StartAsync(change.Store, builder =>
        {
            Version(builder, 1);
            Version(builder, 2);
        }, o => o.ResumeFittingRuns = true);
        Assert.Equal(41, await fit.TrickleAsync(fit.Client.Handle<int>(blocked.Id).ResultAsync()));
    }

    [Theory, EveryStore]
    public async Task K4_TheAnswerIsTheSameInLoopsAndAtEveryPlace_WhateverHappensLater(StoreKind kind)
    {
        using var change = new Change(kind);
        static void Code(IPerdureBuilder builder, bool changed) => builder.AddWorkflow("loop", async (WorkflowContext ctx, Unit _) =>
        {
            var answers = new List<bool>();
            for (var i = 0; i < 3; i++)
            {
                if (changed) answers.Add(ctx.Patch("x"));
                await ctx.StepAsync("turn", () => Task.CompletedTask);
                await ctx.WaitForAsync(Go);
            }
            if (changed) answers.Add(ctx.Patch("x"));
            return string.Join(' ', answers);
        });
        await change.SuspendAsync(builder => Code(builder, changed: false), "loop", default(Unit));
        await using (var engine = await TestEngine.StartAsync(change.Store, builder => Code(builder, changed: true)))
        {
            var old = engine.Client.Handle((await engine.Client.ListAsync()).Runs.Single(run => run.Workflow == "loop").Id);
            var fresh = await engine.Client.StartAsync("loop", default(Unit)).Soon();
            foreach (var run in new[] { old, fresh })
                for (var i = 0; i < 3; i++) await run.SignalAsync(Go, i).Soon();

            Assert.Equal("False False False False", await old.ResultAsync<string>().Soon());
            Assert.Equal("True True True True", await fresh.ResultAsync<string>().Soon());
            Assert.Single(await fresh.GetHistoryAsync(kinds: [EventKind.VersionMarker]));
            Assert.Empty(await old.GetHistoryAsync(kinds: [EventKind.VersionMarker]));
            await engine.StopAsync();
        }
    }

    [Theory, EveryStore]
    public async Task K5_ADeprecatedPatchReplaysMarkedRuns_ItsRemovalAnyOfThem_AndAnUnmarkedOneIsBlocked(StoreKind kind)
    {
        static void Code(IPerdureBuilder builder, int stage) => builder.AddWorkflow("patched", async (WorkflowContext ctx, Unit _) =>
        {
            var isNew = stage == 1 && ctx.Patch("x");
            if (stage == 2) ctx.DeprecatePatch("x");
            if (isNew || stage > 1) await ctx.StepAsync("new", () => Task.CompletedTask);
            else await ctx.StepAsync("old", () => Task.CompletedTask);
            return await ctx.WaitForAsync(Go);
        });
        foreach (var (born, later) in new[] { (1, 2), (1, 3), (2, 2), (2, 3), (3, 3) })
        {
            using var change = new Change(kind);
            await change.SuspendAsync(builder => Code(builder, born), "patched", default(Unit));
            Assert.Equal(40, await change.GoOnUnderAsync<int>(builder => Code(builder, later), Go));
        }
        using var old = new Change(kind);
        await old.SuspendAsync(builder => Code(builder, 0), "patched", default(Unit));
        var blocked = await old.WakeUnderAsync(builder => Code(builder, 2), Go);
        Assert.Equal("UnsupportedVersion", blocked.BlockedReason);
        Assert.Contains("passed this place before the change was made", blocked.BlockedDetail, StringComparison.Ordinal);
        Assert.Equal(40, await old.ResumeUnderAsync<int>(builder => Code(builder, 1)));
    }

    [Theory, EveryStore]
    public async Task AFurtherAttemptKeepsTheAnswers_AndAChangeSinceThenIsPassedWhereOutcomesAreReused(StoreKind kind)
    {
        using var store = new TestStore(kind);
        string id;
        static void Code(IPerdureBuilder builder, bool changed) => builder.AddWorkflow("tried", async (WorkflowContext ctx, Unit _) =>
        {
            var kept = ctx.Patch("kept");
            var early = changed && ctx.Patch("early");
            await ctx.StepAsync("one", () => Task.CompletedTask);
            var late = changed && ctx.Patch("late");
            if (!changed) throw new WorkflowFailureException("not-yet");
            await ctx.StepAsync("two", () => Task.CompletedTask);
            return $"{kept} {early} {late}";
        });
        await using (var first = await TestEngine.StartAsync(store, builder => Code(builder, changed: false)))
        {
            var run = await first.Client.StartAsync("tried", default(Unit)).Soon();
            id = run.Id;
            await Assert.ThrowsAsync<RunFailedException>(() => run.WaitAsync().Soon());
            await first.StopAsync();
        }
        await using var second = await TestEngine.StartAsync(store, builder => Code(builder, changed: true));
        await second.Client.RetryAsync(id).Soon();
        Assert.Equal("True False True", await second.TrickleAsync(second.Client.Handle<string>(id).ResultAsync()));
        Assert.Equal(["kept", "late"], (await second.Client.GetHistoryAsync(id, kinds: [EventKind.VersionMarker])).Select(e => e.Name));
    }

    [Fact]
    public async Task GetVersion_NumbersOutOfOrder_AreRefused()
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder => builder.AddWorkflow("asks", (WorkflowContext ctx, Unit _) =>
        {
            Assert.Throws<InvalidOptionException>(() => ctx.GetVersion("x", -2, 1));
            Assert.Throws<InvalidOptionException>(() => ctx.GetVersion("x", -1, 0));
            Assert.Throws<InvalidOptionException>(() => ctx.GetVersion("x", 3, 2));
            Assert.Throws<InvalidOptionException>(() => ctx.Patch("_x"));
            return Task.FromResult(ctx.GetVersion("x", 1, 1));
        }));
        Assert.Equal(1, await engine.Client.RunAsync<Unit, int>(new("asks"), default).Soon());
    }
}
