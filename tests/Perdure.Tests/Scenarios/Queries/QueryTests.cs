using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Queries;

/// <summary>Queries that a workflow answers itself: from its variables, as of the last recorded event, by whoever has its code.</summary>
public class QueryTests
{
    private static readonly Signal<int> Add = new("add");

    private static void Register(IPerdureBuilder builder) => builder
        .AddWorkflow("sum", static async (WorkflowContext ctx, int count) =>
        {
            var sum = 0;
            ctx.SetQueryHandler("sum", () => sum);
            ctx.SetQueryHandler("times", (int factor) => new { Sum = sum * factor, ctx.RunId });
            for (var i = 0; i < count; i++) sum += await ctx.WaitForAsync(Add);
            return sum;
        })
        .AddWorkflow("bad", static async (WorkflowContext ctx, Unit _) =>
        {
            var asked = 0;
            ctx.SetQueryHandler("steps", () => { ctx.StepAsync("no", static () => Task.FromResult(1)); return 1; });
            ctx.SetQueryHandler("writes", () => { ctx.Data.Put("a", 1); return 1; });
            ctx.SetQueryHandler("throws", int () => throw new InvalidOperationException("no idea"));
            ctx.SetQueryHandler("counts", () => ++asked);
            await ctx.WaitForAsync(Add);
        })
        .AddWorkflow("twice", static async (WorkflowContext ctx, Unit _) =>
        {
            var stage = "first " + ctx.Attempt;
            ctx.SetQueryHandler("stage", () => stage);
            await ctx.WaitForAsync(Add);
            stage = "failing " + ctx.Attempt;
            throw new InvalidOperationException("once more");
        }, new() { Retry = RetryPolicy.Constant(TimeSpan.FromHours(1)) with { MaxAttempts = 2 } });

    [Theory, EveryStore]
    public async Task A16_ACustomQueryAnswersFromTheCode_WithAnArgument_AndAddsNoEvent(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("sum", 2).Soon();
        await run.WaitsForAsync("signal");
        await run.SignalAsync(Add, 20).Soon();
        await Waiting.UntilAsync(async () => await run.QueryAsync<int>("sum") == 20);
        var before = await run.GetHistoryAsync();

        var answer = await run.QueryAsync<JsonElement>("times", 3).Soon();
        Assert.Equal((60, run.Id), (answer.GetProperty("sum").GetInt32(), answer.GetProperty("runId").GetString()));
        Assert.Equal(20, (await run.QueryAsync("sum").Soon()).GetInt32());
        Assert.Equal("sum", (await run.QueryAsync<JsonElement>("status").Soon()).GetProperty("workflow").GetString());
        Assert.Equal(before.Count, (await run.GetHistoryAsync()).Count);

        await run.SignalAsync(Add, 1).Soon();
        Assert.Equal(21, await engine.TrickleAsync(run.ResultAsync<int>()));
        Assert.Equal(21, await run.QueryAsync<int>("sum").Soon());
    }

    [Theory, EveryStore]
    public async Task A16_WhatCannotBeAnswered_IsRefusedWithItsCode(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var (sum, bad) = (await engine.Client.StartAsync("sum", 1).Soon(), await engine.Client.StartAsync("bad", default(Unit)).Soon());
        await sum.WaitsForAsync("signal");
        await bad.WaitsForAsync("signal");

        Assert.Contains("'sum'", (await Assert.ThrowsAsync<UnknownQueryException>(() => sum.QueryAsync<int>("sam").Soon())).Message);
        await Assert.ThrowsAsync<InputValidationException>(() => sum.QueryAsync<int>("sum", 3).Soon());
        await Assert.ThrowsAsync<InputValidationException>(() => sum.QueryAsync<int>("times", "three").Soon());
        await Assert.ThrowsAsync<InputValidationException>(() => sum.QueryAsync<int>("times").Soon());
        await Assert.ThrowsAsync<InputValidationException>(() => sum.QueryAsync<JsonElement>("status", 1).Soon());
        Assert.Equal("steps", (await Assert.ThrowsAsync<QueryMayNotScheduleException>(() => bad.QueryAsync<int>("steps").Soon())).Query);
        Assert.IsType<ContextReadOnlyException>((await Record.ExceptionAsync(() => bad.QueryAsync<int>("writes").Soon()))!);
        Assert.Contains("no idea", (await Assert.ThrowsAsync<QueryFailedException>(() => bad.QueryAsync<int>("throws").Soon())).Message);
        // What a handler changes is forgotten.
        Assert.Equal((1, 1), (await bad.QueryAsync<int>("counts").Soon(), await bad.QueryAsync<int>("counts").Soon()));
        await Assert.ThrowsAsync<RunNotFoundException>(() => engine.Client.QueryAsync<int>("nobody", "sum").Soon());
        Assert.Equal([RunStatus.Suspended, RunStatus.Suspended], [await sum.StatusAsync(), await bad.StatusAsync()]);
    }

    [Theory, EveryStore]
    public async Task Query_WhileTheNextAttemptIsAwaited_TellsWhatTheLastOneHasSeen_WhateverHasComeSince(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, static builder => builder.AddWorkflow("asking", static async (WorkflowContext ctx, Unit _) =>
        {
            var stage = "first " + ctx.Attempt;
            ctx.SetQueryHandler("stage", () => stage);
            var answer = ctx.RequestInputAsync<string>("colour", InputForm.Text("Which?"));
            await ctx.WaitForAsync(Add);
            stage = "failing " + ctx.Attempt;
            if (ctx.Attempt == 1) throw new InvalidOperationException("once more");
            return await answer;
        }, new() { Retry = RetryPolicy.Constant(TimeSpan.FromHours(1)) with { MaxAttempts = 2 } }));
        var run = await engine.Client.StartAsync("asking", default(Unit)).Soon();
        await run.SignalAsync(Add, 1).Soon();
        await Waiting.UntilAsync(async () => (await run.GetHistoryAsync()).Any(static e => e.Kind == EventKind.WorkflowRetryScheduled));
        // The question is still there for the next attempt, and so is its answer.
        await engine.Client.ProvideInputAsync(run.Id, "colour", "blue").Soon();
        await Waiting.UntilAsync(async () => (await run.GetHistoryAsync()).Any(static e => e.Kind == EventKind.InputProvided));

        Assert.Equal("failing 1", await run.QueryAsync<string>("stage").Soon());
        await run.CancelAsync().Soon();
        await Assert.ThrowsAsync<RunCancelledException>(() => engine.TrickleAsync(run.WaitAsync()));
        Assert.Equal("failing 1", await run.QueryAsync<string>("stage").Soon());
    }

    [Theory, EveryStore]
    public async Task Query_FromAProcessThatOnlyAsks_NeedsTheCodeThere(StoreKind kind)
    {
        using var store = new TestStore(kind);
        string id;
        await using (var engine = await TestEngine.StartAsync(store, Register))
        {
            var run = await engine.Client.StartAsync("sum", 1).Soon();
            id = run.Id;
            await run.SignalAsync(Add, 5).Soon();
            await engine.TrickleAsync(run.WaitAsync());
            await engine.StopAsync();
        }
        await using var knows = TestEngine.ClientOnly(store, Register);
        await using var doesNot = TestEngine.ClientOnly(store);
        Assert.Equal(5, await knows.Client.QueryAsync<int>(id, "sum").Soon());
        await Assert.ThrowsAsync<UnknownWorkflowException>(() => doesNot.Client.QueryAsync<int>(id, "sum").Soon());
        Assert.Equal("Completed", (await doesNot.Client.QueryAsync(id, "status").Soon()).GetProperty("status").GetString());
    }

    [Theory, EveryStore]
    public async Task Query_LetsNothingHappen_NeitherEffectsNorStepsNorAFirstTurn(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Configure(IPerdureBuilder builder) => builder.AddWorkflow("effects", async (WorkflowContext ctx, Unit _) =>
        {
            var stage = "begun";
            ctx.SetQueryHandler("stage", () => stage);
            stage = await ctx.SideEffectAsync("effect", () => probe.NoteAsync("effect", "recorded").Result);
            await ctx.StepAsync("step", () => probe.NoteAsync("step", 1));
            stage += ", done";
        });
        await using var client = TestEngine.ClientOnly(store, Configure);
        var run = await client.Client.StartAsync("effects", default(Unit)).Soon();
        // Nobody has taken it yet.
        Assert.Equal("begun", await run.QueryAsync<string>("stage").Soon());
        Assert.Empty(probe.Calls);
        await using var engine = await TestEngine.StartAsync(store, Configure);
        await engine.TrickleAsync(engine.Client.Handle(run.Id).WaitAsync());
        Assert.Equal("recorded, done", await run.QueryAsync<string>("stage").Soon());
        Assert.Equal(["effect", "step"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task Query_OfARunThatWaitsForItsNextAttempt_AnswersFromTheLastOne(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("twice", default(Unit)).Soon();
        await run.WaitsForAsync("signal");
        Assert.Equal("first 1", await run.QueryAsync<string>("stage").Soon());
        await run.SignalAsync(Add, 1).Soon();
        await run.WaitsForAsync("retry");
        Assert.Equal("failing 1", await run.QueryAsync<string>("stage").Soon());
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<RunFailedException>(() => engine.TrickleAsync(run.WaitAsync()));
        Assert.Equal("failing 2", await run.QueryAsync<string>("stage").Soon());
    }

    [Fact]
    public async Task SetQueryHandler_OfANameThatIsTaken_OrAnAsynchronousOne_IsRefused()
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, static builder => builder.AddWorkflow("names", static (WorkflowContext ctx, Unit _) =>
        {
            Assert.Throws<InvalidOptionException>(() => ctx.SetQueryHandler("status", static () => 1));
            Assert.Throws<InvalidOptionException>(() => ctx.SetQueryHandler("_x", static () => 1));
            Assert.Throws<InvalidOptionException>(() => ctx.SetQueryHandler("x", static () => Task.FromResult(1)));
            return Task.FromResult("refused");
        }));
        Assert.Equal("refused", await (await engine.Client.StartAsync("names", default(Unit)).Soon()).ResultAsync<string>().Soon());
    }
}
