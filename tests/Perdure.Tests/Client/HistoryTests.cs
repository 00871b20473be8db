using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Client;

/// <summary>What a run leaves behind: events, steps, retries with their instants.</summary>
public class HistoryTests
{
    [Theory, EveryStore]
    public async Task A3_AThreeStepRunReadsAsItWas(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("order", async (WorkflowContext ctx, string id) =>
        {
            await ctx.StepAsync("reserve", () => Task.FromResult(new { held = 3 }));
            await ctx.StepAsync("charge", () => Task.FromResult(12.5m));
            return await ctx.StepAsync("ship", () => Task.FromResult("TRK-" + id));
        }));
        var run = await engine.Client.StartAsync("order", "7").Soon();
        Assert.Equal("TRK-7", await run.ResultAsync<string>().Soon());

        var history = await run.GetHistoryAsync();

        Assert.Equal(["workflow_started", "step_completed", "step_completed", "step_completed", "workflow_completed"], history.Select(e => e.WireName));
        Assert.Equal(Enumerable.Range(0, 5), history.Select(e => e.Sequence));
        Assert.Equal(history.Select(e => e.Timestamp).Order(), history.Select(e => e.Timestamp));
        Assert.Equal(["\"7\"", """{"held":3}""", "12.5", "\"TRK-7\"", "\"TRK-7\""], history.Select(e => e.Data!.Value.GetRawText()));
        Assert.Equal([null, 0, 1, 2, null], history.Select(e => e.Operation));
        Assert.Equal(["reserve", "charge", "ship"], history.Where(e => e.Kind == EventKind.StepCompleted).Select(e => e.Name));
        Assert.StartsWith("HistoryTests.cs:", history[1].Source, StringComparison.Ordinal);
        Assert.Equal([2, 3, 4], (await run.GetHistoryAsync(from: 2)).Select(e => e.Sequence));
        Assert.Equal([4], (await run.GetHistoryAsync(1, [EventKind.WorkflowStarted, EventKind.WorkflowCompleted])).Select(e => e.Sequence));
    }

    [Theory, EveryStore]
    public async Task A6_AStepThatFailsTwiceIsTriedAtItsInstants(StoreKind store)
    {
        var retry = RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { MaxRetries = 3 };
        await using var failing = await FailingStep.RunAsync(store, retry, failures: 2);

        Assert.Equal([1, 1], await failing.WaitsAsync());
        var history = await failing.Run.GetHistoryAsync();
        Assert.Equal(
            ["workflow_started", "step_failed", "step_retry_scheduled", "step_failed", "step_retry_scheduled", "step_completed", "workflow_completed"],
            history.Select(e => e.WireName));
        Assert.Equal([1, 1, 2, 2, 3, 3, 1], history.Select(e => e.Attempt));
        Assert.Equal([true, true], history.Where(e => e.Kind == EventKind.StepFailed).Select(e => e.IsRetryable!.Value));
        Assert.All(history.Where(e => e.Kind == EventKind.StepRetryScheduled), e => Assert.Equal("constant", e.Note));
        Assert.Equal("boom", history[1].Data!.Value.GetProperty("message").GetString());
        Assert.Equal(RunStatus.Completed, await failing.Run.StatusAsync());
    }

    [Theory, EveryStore]
    public async Task A13_LinearAndConstantWaits(StoreKind store)
    {
        await using var linear = await FailingStep.RunAsync(store, RetryPolicy.Linear(TimeSpan.FromSeconds(2)) with { MaxAttempts = 4 }, failures: 4);
        Assert.Equal([2, 4, 6], await linear.WaitsAsync());
        Assert.Equal(RunStatus.Failed, await linear.Run.StatusAsync());

        await using var constant = await FailingStep.RunAsync(store, RetryPolicy.Constant(TimeSpan.FromSeconds(2)) with { MaxAttempts = 4 }, failures: 4);
        Assert.Equal([2, 2, 2], await constant.WaitsAsync());
    }

    [Theory, EveryStore]
    public async Task A14_ThirtySecondsMoreEachTime_ThenFailed(StoreKind store)
    {
        await using var failing = await FailingStep.RunAsync(store, RetryPolicy.Linear(TimeSpan.FromSeconds(30)) with { MaxRetries = 3 }, failures: 4);

        Assert.Equal([30, 60, 90], await failing.WaitsAsync());
        var info = await failing.Run.GetAsync(RunInclude.Steps);
        Assert.Equal(RunStatus.Failed, info.Status);
        Assert.Equal(("invalid_operation", RunStepStatus.Failed, 4), (info.Error!.Code, info.Steps![0].Status, info.Steps[0].Attempts));
        Assert.Equal([true, true, true, false], (await failing.Run.GetHistoryAsync(kinds: [EventKind.StepFailed])).Select(e => e.IsRetryable!.Value));
    }

    [Theory, EveryStore]
    public async Task A9_AWorkflowIsTriedAgainWithoutRepeatingFinishedSteps(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("order", async (WorkflowContext ctx, Unit _) =>
        {
            var attempt = ctx.Attempt;
            var once = new StepOptions { Retry = RetryPolicy.None };
            await ctx.StepAsync("one", () => probe.NoteAsync("one", 1), once);
            await ctx.StepAsync("two", () => attempt < 4 ? throw new InvalidOperationException("declined") : probe.NoteAsync("two", 1), once);
            await ctx.StepAsync("three", () => probe.NoteAsync("three", 1), once);
            return await ctx.StepAsync("four", () => probe.NoteAsync("four", ctx.Attempt), once);
        }, new() { Retry = RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { MaxAttempts = 5 } }));
        var run = await engine.Client.StartAsync("order", default(Unit)).Soon();

        Assert.Equal(4, await engine.TrickleAsync(run.ResultAsync<int>()));

        Assert.Equal(["one", "two", "three", "four"], probe.Calls);
        Assert.Equal(3, (await run.GetHistoryAsync(kinds: [EventKind.WorkflowRetryScheduled])).Count);
        Assert.Equal([1, 2, 3, 4], (await run.GetHistoryAsync(kinds: [EventKind.WorkflowStarted])).Select(e => e.Attempt));
        Assert.Equal(["one", "two", "three", "four"], (await run.GetAsync(RunInclude.Steps)).Steps!.Select(step => step.Name));
    }

    [Theory, EveryStore]
    public async Task Steps_TellKindInputOutputAndTimes(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("mixed", async (WorkflowContext ctx, Unit _) =>
            {
                await ctx.StepAsync("inline", () => Task.FromResult("a"));
                await ctx.ActivityAsync<int>("double", 21);
                try
                {
                    await ctx.ActivityAsync<int>("double", -1);
                }
                catch (ActivityFailedException)
                {
                }
                return await ctx.ActivityAsync<int>("double", 1, new() { Queue = "nobody" });
            })
            .AddActivity("double", (int number) => number < 0 ? throw new NonRetryableException("negative") : Task.FromResult(2 * number)));
        var run = await engine.Client.StartAsync("mixed", default(Unit)).Soon();
        IReadOnlyList<RunStep> steps = [];
        await Waiting.UntilAsync(async () => (steps = (await run.GetAsync(RunInclude.Steps)).Steps!).Count == 4);

        Assert.Equal(
            [("inline", false, RunStepStatus.Completed), ("double", true, RunStepStatus.Completed), ("double", true, RunStepStatus.Failed), ("double", true, RunStepStatus.Queued)],
            steps.Select(step => (step.Name, step.IsActivity, step.Status)));
        Assert.Equal([null, "21", "-1", "1"], steps.Select(step => step.Input?.GetRawText()));
        Assert.Equal(["\"a\"", "42", null, null], steps.Select(step => step.Output?.GetRawText()));
        Assert.Equal("negative", steps[2].Error!.Message);
        Assert.Equal([1, 1, 1, 0], steps.Select(step => step.Attempts));
        Assert.Equal(engine.Clock.GetUtcNow(), steps[1].StartedAt);
        Assert.Equal(TimeSpan.Zero, steps[1].Duration);
    }

    [Theory, EveryStore]
    public async Task A16_StatusAnswersForEveryRunAndAddsNoEvent(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("wait", async (WorkflowContext ctx, Unit _) =>
            {
                var activity = ctx.ActivityAsync<int>("act", 1, new() { Queue = "nobody" });
                var timer = ctx.SleepAsync(TimeSpan.FromHours(1));
                using var hook = ctx.CreateHook<string>("carrier");
                var said = hook.ReceiveAsync();
                var approval = ctx.RequestApprovalAsync("may", "May it go?");
                await ctx.WaitForAsync(new Signal<string>("go"));
                return "result";
            })
            .AddActivity("act", (int number) => Task.FromResult(number)));
        var run = await engine.Client.StartAsync("wait", default(Unit)).Soon();
        await Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor.Count == 5);
        var events = (await run.GetHistoryAsync()).Count;

        var status = await run.QueryAsync("status");

        Assert.Equal((run.Id, "wait", 1), (status.GetProperty("id").GetString(), status.GetProperty("workflow").GetString(), status.GetProperty("version").GetInt32()));
        Assert.Equal(("Suspended", "Normal"), (status.GetProperty("status").GetString(), status.GetProperty("phase").GetString()));
        Assert.Equal(JsonValueKind.Null, status.GetProperty("result").ValueKind);
        Assert.Equal(JsonValueKind.Null, status.GetProperty("error").ValueKind);
        Assert.Equal(["activity", "timer", "hook", "input", "signal"], status.GetProperty("waitingFor").EnumerateArray().Select(wait => wait.GetProperty("kind").GetString()));
        Assert.Equal(["act"], status.GetProperty("pendingActivities").EnumerateArray().Select(wait => wait.GetProperty("name").GetString()));
        Assert.Equal([engine.Clock.GetUtcNow().AddHours(1)], status.GetProperty("timers").EnumerateArray().Select(wait => wait.GetProperty("due").GetDateTimeOffset()));
        Assert.Equal(["may"], status.GetProperty("inputs").EnumerateArray().Select(wait => wait.GetProperty("name").GetString()));
        Assert.Equal(["carrier"], status.GetProperty("hooks").EnumerateArray().Select(wait => wait.GetProperty("name").GetString()));
        Assert.Equal(events, (await run.GetHistoryAsync()).Count);
        var unknown = await Assert.ThrowsAsync<UnknownQueryException>(() => run.QueryAsync("statsu"));
        Assert.Contains("did you mean 'status'?", unknown.Message, StringComparison.Ordinal);

        await run.SignalAsync("go", "on").Soon();
        await run.WaitAsync().Soon();
        var ended = await run.QueryAsync("status");
        Assert.Equal(("Completed", "result"), (ended.GetProperty("status").GetString(), ended.GetProperty("result").GetString()));
        Assert.Equal(0, ended.GetProperty("waitingFor").GetArrayLength());
    }

    [Theory, EveryStore]
    public async Task PublishedState_IsReadWithTheRun(StoreKind store)
    {
        var stage = new Published<string>("stage");
        var count = new Published<int>("count");
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("publish", async (WorkflowContext ctx, Unit _) =>
            {
                ctx.Publish(stage, "waiting");
                await ctx.WaitForAsync(new Signal<string>("go"));
                ctx.Publish(stage, "done");
                ctx.Publish(count, 3);
                return 1;
            }));
        var run = await engine.Client.StartAsync("publish", default(Unit)).Soon();
        await run.WaitsForAsync("signal");

        Assert.Equal("waiting", await run.ReadAsync(stage));
        Assert.Equal(0, await run.ReadAsync(count));
        Assert.Equal(["stage"], (await run.GetAsync()).Published.Keys);
        await run.SignalAsync("go", "on").Soon();
        await run.WaitAsync().Soon();
        Assert.Equal(("done", 3), (await run.ReadAsync(stage), await run.ReadAsync(count)));
    }
}
