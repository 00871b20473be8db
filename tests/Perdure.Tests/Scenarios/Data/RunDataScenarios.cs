using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Data;

/// <summary>What workflow code writes into the data of its run is there later, after restarts and attempts, and for everybody who looks.</summary>
public class RunDataScenarios
{
    private static readonly Signal<string> Go = new("go");

    [Theory, EveryStore]
    public async Task A11_DataPersistsOverARestart_AndInputAndRunIdAreReadableInEveryStep(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var seen = new List<string>();
        string id;
        await using (var first = await TestEngine.StartAsync(store, builder => builder.AddWorkflow<string, string>("data", WriteAsync(seen))))
        {
            id = (await first.Client.StartAsync("data", "the input").Soon()).Id;
            await Waiting.UntilAsync(async () => (await first.Client.GetAsync(id)).Status == RunStatus.Suspended);
            await first.StopAsync();
        }
        seen.Clear();
        await using var second = await TestEngine.StartAsync(store, builder => builder.AddWorkflow<string, string>("data", WriteAsync(seen)));
        var run = second.Client.Handle(id);
        var waiting = await second.Client.GetAsync(id);
        Assert.Equal("""{"count":2,"log":["one","two"],"nested":{"a":1,"b":2},"order":"o-1"}""", Json(waiting.Data));
        await run.SignalAsync(Go, "x").Soon();

        Assert.Equal("gone 2 one,two 3", await run.ResultAsync<string>().Soon());
        Assert.Equal([$"the input {id} data 2"], seen);
        var ended = await second.Client.GetAsync(id);
        Assert.Equal(3, ended.Data.Get<int>("count"));
        Assert.Equal(7, ended.Data.Get("removed", 7));
    }

    private static Func<WorkflowContext, string, Task<string>> WriteAsync(List<string> seen) => async (ctx, input) =>
    {
        ctx.Data.Put("order", "o-1");
        ctx.Data.Put(new { removed = true, nested = new { a = 1 } });
        ctx.Data.Merge(new { nested = new { b = 2 } });
        ctx.Data.Append("log", "one");
        ctx.Data.Append("log", "two");
        ctx.Data.Increment("count");
        ctx.Data.Update<int>("count", n => n + 1);
        ctx.Data.Remove("removed");
        await ctx.WaitForAsync(Go);
        var count = await ctx.StepAsync("later", (StepInfo info) =>
        {
            seen.Add($"{ctx.Input} {info.RunId} {ctx.WorkflowName} {info.Data.Get<int>("count")}");
            return Task.FromResult(info.Data.Get<int>("count"));
        });
        ctx.Data.Increment("count");
        await ctx.StepAsync("last", () => Task.CompletedTask);
        return $"{ctx.Data.Get("removed", "gone")} {count} {string.Join(',', ctx.Data.Get<string[]>("log")!)} {ctx.Data.Get<int>("count")}";
    };

    [Theory, EveryStore]
    public async Task A11_ATurnIsOneEventWithItsChange_AndRidesWithWhatItFollows(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, builder => builder.AddWorkflow("turns", async (WorkflowContext ctx, Unit _) =>
        {
            ctx.Data.Put("a", 1);
            ctx.Data.Put("b", 1);
            await ctx.StepAsync("one", () => Task.CompletedTask);
            ctx.Data.Put("b", 2);
            await ctx.StepAsync("two", () => Task.CompletedTask);
            await ctx.StepAsync("three", () => Task.CompletedTask);
            ctx.Data.Remove("a");
            return 0;
        }));
        var run = await engine.Client.StartAsync("turns", default(Unit)).Soon();
        await run.ResultAsync<int>().Soon();

        var history = await run.GetHistoryAsync();
        Assert.Equal(
            ["workflow_started", "context_changed", "step_completed", "context_changed", "step_completed", "step_completed", "context_changed", "workflow_completed"],
            history.Select(e => e.WireName));
        Assert.Equal(["""{"set":{"a":1,"b":1}}""", """{"set":{"b":2}}""", """{"removed":["a"]}"""],
            history.Where(e => e.Kind == EventKind.ContextChanged).Select(e => e.Data!.Value.GetRawText()));
        Assert.Equal("""{"b":2}""", Json((await engine.Client.GetAsync(run.Id)).Data));
    }

    [Theory, EveryStore]
    public async Task A11_InsideAStepDataIsReadOnly(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, builder => builder.AddWorkflow("writes", async (WorkflowContext ctx, Unit _) =>
        {
            ctx.Data.Put("a", 1);
            try
            {
                await ctx.StepAsync("writes", () =>
                {
                    ctx.Data.Put("a", ctx.Data.Get<int>("a") + 1);
                    return Task.CompletedTask;
                });
            }
            catch (StepFailedException e)
            {
                return $"{e.ErrorCode} {e.Attempts} {ctx.Data.Get<int>("a")}";
            }
            return "written";
        }));

        Assert.Equal("PERD1420 1 1", await engine.Client.RunAsync<Unit, string>(new("writes"), default).Soon());
    }

    [Theory, EveryStore]
    public async Task A11_StepsAndActivitiesSeeTheDataAsOfTheirCall(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, builder => builder
            .AddActivity("look", (int _, StepInfo info) => Task.FromResult(info.Data.Get<int>("n")))
            .AddWorkflow("looks", async (WorkflowContext ctx, Unit _) =>
            {
                var none = await ctx.ActivityAsync<int>("look", 0);
                ctx.Data.Increment("n");
                var first = ctx.StepAsync("first", (StepInfo info) => Task.FromResult(info.Data.Get<int>("n")));
                var queued = ctx.ActivityAsync<int>("look", 0);
                ctx.Data.Increment("n");
                var second = ctx.StepAsync("second", (StepInfo info) => Task.FromResult(info.Data.Get<int>("n")));
                var local = ctx.ActivityAsync<int>("look", 0, new() { RunLocally = true });
                return $"{none} {await first} {await queued} {await second} {await local}";
            }));

        Assert.Equal("0 1 1 2 2", await engine.Client.RunAsync<Unit, string>(new("looks"), default).Soon());
    }

    [Theory, EveryStore]
    public async Task AnAttemptOfTheWorkflowWritesItsDataAnew(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, builder => builder.AddWorkflow("tried", async (WorkflowContext ctx, Unit _) =>
        {
            ctx.Data.Increment("steps");
            await ctx.StepAsync("one", () => Task.CompletedTask);
            ctx.Data.Increment("steps");
            ctx.Data.Put($"attempt-{ctx.Attempt}", true);
            if (ctx.Attempt < 3) throw new WorkflowFailureException("again");
            return 0;
        }, new WorkflowOptions { Retry = RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { MaxAttempts = 2 } }));
        var run = await engine.Client.StartAsync("tried", default(Unit)).Soon();
        await Assert.ThrowsAsync<RunFailedException>(() => engine.TrickleAsync(run.WaitAsync()));
        Assert.Equal("""{"attempt-2":true,"steps":2}""", Json((await engine.Client.GetAsync(run.Id)).Data));

        // Reopened: the data is what it was until the code writes again.
        await run.RetryAsync().Soon();
        await engine.TrickleAsync(run.WaitAsync());
        Assert.Equal("""{"attempt-3":true,"steps":2}""", Json((await engine.Client.GetAsync(run.Id)).Data));
    }

    [Theory, EveryStore]
    public async Task AnAttemptThatWritesNothingLeavesNoDataOfTheOneBefore(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, builder => builder.AddWorkflow("tried", async (WorkflowContext ctx, Unit _) =>
        {
            if (ctx.Attempt == 2) return ctx.Data.All.Count;
            ctx.Data.Put("old", true);
            await ctx.StepAsync("one", () => Task.CompletedTask);
            throw new WorkflowFailureException("again");
        }, new WorkflowOptions { Retry = RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { MaxAttempts = 2 } }));
        var run = await engine.Client.StartAsync("tried", default(Unit)).Soon();

        Assert.Equal(0, await engine.TrickleAsync(run.ResultAsync<int>()));
        Assert.Empty((await engine.Client.GetAsync(run.Id)).Data.All);
    }

    private static string Json(RunDataView data) => $"{{{string.Join(',', data.All.Select(pair => $"\"{pair.Key}\":{pair.Value.GetRawText()}"))}}}";
}
