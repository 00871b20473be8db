using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Replay;

/// <summary>Runs that leave memory and are replayed: what was recorded is taken, nothing happens twice.</summary>
public class EvictionTests
{
    private static readonly Signal<int> Go = new("go");

    [Theory, EveryStore]
    public async Task B1_EvictedAfterEachStep_EveryBodyRunsOnceAndTheResultIsTheSame(StoreKind store)
    {
        var live = await FiveStepsAsync(store, pause: TimeSpan.Zero);
        var evicted = await FiveStepsAsync(store, pause: TimeSpan.FromMinutes(1));

        string[] once = ["step 1", "step 2", "step 3", "step 4", "step 5"];
        Assert.Equal(once, live.Probe.Calls.Where(call => call != "entered"));
        Assert.Equal(once, evicted.Probe.Calls.Where(call => call != "entered"));
        Assert.Equal(1, live.Probe.Count("entered"));
        // Once at the start, and once after each of the five sleeps for which the run left memory.
        Assert.Equal(6, evicted.Probe.Count("entered"));
        Assert.Equal("1 2 3 4 5", live.Result);
        Assert.Equal(live.Result, evicted.Result);
    }

    private static async Task<(Probe Probe, string Result)> FiveStepsAsync(StoreKind store, TimeSpan pause)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("five", async (WorkflowContext ctx, Unit _) =>
        {
            probe.Note("entered");
            var results = new List<int>();
            for (var i = 1; i <= 5; i++)
            {
                var number = i;
                results.Add(await ctx.StepAsync("step", () => probe.NoteAsync("step " + number, number)));
                await ctx.SleepAsync(pause);
            }
            return string.Join(' ', results);
        }));
        var run = await engine.Client.StartAsync("five", default(Unit)).Soon();
        for (var i = 1; i <= 5 && pause > TimeSpan.Zero; i++)
        {
            await probe.ReachedAsync("step " + i);
            await run.WaitsForAsync("timer");
            engine.Clock.Advance(pause);
            await engine.TrickleAsync(probe.ReachedAsync("entered", times: i + 1));
        }
        return (probe, await engine.TrickleAsync(run.ResultAsync<string>()));
    }

    [Theory, EveryStore]
    public async Task B2_AWorkflowThatReturnsNothingOrNullIsCompleted(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow<Nothing>()
            .AddWorkflow("null", async (WorkflowContext ctx, Unit _) =>
            {
                await ctx.StepAsync("work", () => Task.FromResult((string?)null));
                await ctx.SleepAsync("1m");
                return (string?)null;
            }));
        var nothing = await engine.Client.StartAsync("nothing", 3).Soon();
        var none = await engine.Client.StartAsync("null", default(Unit)).Soon();
        await nothing.WaitsForAsync("timer");
        await none.WaitsForAsync("timer");
        engine.Clock.Advance(TimeSpan.FromMinutes(1));

        await engine.TrickleAsync(nothing.WaitAsync());
        Assert.Null(await engine.TrickleAsync(none.ResultAsync<string?>()));
        foreach (var run in new[] { nothing, none })
        {
            var info = await run.GetAsync();
            Assert.Equal((RunStatus.Completed, "null"), (info.Status, info.Result?.GetRawText() ?? "null"));
            Assert.Equal(EventKind.WorkflowCompleted, (await run.GetHistoryAsync())[^1].Kind);
        }
    }

    [Workflow("nothing")]
    private sealed class Nothing : Workflow<int>
    {
        public override Task RunAsync(WorkflowContext ctx, int input) => ctx.SleepAsync("1m");
    }

    [Theory, EveryStore]
    public async Task B9_NowIdsAndRandomNumbersAreTheRecordedOnesAfterACrash(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("values", async (WorkflowContext ctx, Unit _) =>
        {
            var values = $"{ctx.UtcNow:O} {ctx.NewGuid()} {ctx.NewGuid()} {ctx.Random.Next()} {ctx.Random.NextDouble()} "
                + await ctx.SideEffectAsync("effect", Guid.NewGuid);
            probe.Note(values);
            await ctx.WaitForAsync(Go);
            return $"{values} {ctx.NewGuid()} {ctx.Random.Next()}";
        });
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("values", default(Unit)).Soon();
            id = run.Id;
            await run.WaitsForAsync("signal");
        }
        store.Clock.Advance(TimeSpan.FromHours(1));
        await using var second = await TestEngine.StartAsync(store, Register);
        await second.Client.SignalAsync(id, Go, 1).Soon();

        var result = await second.TrickleAsync(second.Client.Handle<string>(id).ResultAsync());
        Assert.Equal(2, probe.Calls.Length);
        Assert.Equal(probe.Calls[0], probe.Calls[1]);
        Assert.StartsWith(probe.Calls[0], result, StringComparison.Ordinal);
        var values = result.Split(' ');
        Assert.Equal(values.Length, values.Distinct().Count());
    }

    [Theory, EveryStore]
    public async Task B10_EqualCallsInALoopAreTwoExecutionsAndTwoEvents(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder
            .AddWorkflow("loop", async (WorkflowContext ctx, Unit _) =>
            {
                var sum = 0;
                for (var i = 0; i < 2; i++)
                {
                    sum += await ctx.StepAsync("step", () => probe.NoteAsync("step", 1));
                    sum += await ctx.ActivityAsync<int>("act", 10);
                }
                return sum + await ctx.WaitForAsync(Go);
            })
            .AddActivity("act", (int number) => probe.NoteAsync("act", number));
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("loop", default(Unit)).Soon();
            id = run.Id;
            await run.WaitsForAsync("signal");
        }
        await using var second = await TestEngine.StartAsync(store, Register);
        var handle = second.Client.Handle<int>(id);
        await handle.SignalAsync(Go, 100).Soon();

        Assert.Equal(122, await second.TrickleAsync(handle.ResultAsync()));
        Assert.Equal(["step", "act", "step", "act"], probe.Calls);
        Assert.Equal([0, 2], (await handle.GetHistoryAsync(kinds: [EventKind.StepCompleted])).Select(e => e.Operation!.Value));
        Assert.Equal([1, 3], (await handle.GetHistoryAsync(kinds: [EventKind.ActivityCompleted])).Select(e => e.Operation!.Value));
    }

    [Theory, EveryStore]
    public async Task B11_LinesOfTheWorkflowsLoggerAreWrittenOnce(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var lines = new LogLines("Perdure.Workflow");
        var replaying = new Probe();
        void Register(IPerdureBuilder builder)
        {
            lines.Use(builder);
            builder.AddWorkflow("log", async (WorkflowContext ctx, Unit _) =>
            {
                replaying.Note($"first {ctx.IsReplaying}");
                LogLines.Write(ctx.Logger, "before the step");
                await ctx.StepAsync("step", () => Task.FromResult(1));
                LogLines.Write(ctx.Logger, "before the wait");
                await ctx.WaitForAsync(Go);
                replaying.Note($"last {ctx.IsReplaying}");
                LogLines.Write(ctx.Logger, "behind the wait");
            });
        }
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("log", default(Unit)).Soon();
            id = run.Id;
            await run.WaitsForAsync("signal");
        }
        await using var second = await TestEngine.StartAsync(store, Register);
        await second.Client.SignalAsync(id, Go, 1).Soon();
        await second.TrickleAsync(second.Client.Handle(id).WaitAsync());

        Assert.Equal(["before the step", "before the wait", "behind the wait"], lines.Written);
        Assert.Equal(["first False", "first True", "last False"], replaying.Calls);
    }
}
