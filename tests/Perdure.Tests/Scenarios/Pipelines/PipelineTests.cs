using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Perdure.Pipelines;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Pipelines;

/// <summary>Declared workflows do what their declarations say, and go on where they were.</summary>
public class PipelineTests
{
    private static readonly Signal<string> Go = new("go");

    [Theory, EveryStore]
    public async Task A11_StepsShareTheData_AndAFailedAttemptDiscardsItsOwn(StoreKind store)
    {
        var attempts = 0;
        var pipeline = Pipeline.Define<Order>("process", p => p
            .Timeout("2h").Priority(10)
            .Step("validate", c => c.Data.Put("order_id", c.Input.Id))
            .Step("total", c => Task.FromResult(new { total = c.Input.Items.Sum(), items = c.Input.Items }))
            .Step("charge", c =>
            {
                c.Data.Append("tries", ++attempts);
                if (attempts < 3) throw new InvalidOperationException("not yet");
                return Task.FromResult(new { charge_id = $"ch-{c.Data.Get<int>("total")}" });
            }, s => s.Retry(RetryPolicy.Constant(TimeSpan.FromSeconds(1)), 3).Timeout("5m"))
            .Map("count", data => Task.FromResult(data.All.Count))
            .Step("seen", c => Task.FromResult($"{c.Input.Id} {c.RunId.Length > 0} {c.CurrentStep}")));
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddPipeline(pipeline));
        var run = await engine.Client.StartAsync(pipeline.Workflow, new Order("o-1", [3, 4])).Soon();
        await engine.TrickleAsync(run.WaitAsync());

        var info = await run.GetAsync(RunInclude.Steps);
        Assert.Equal(10, info.Priority);
        Assert.NotNull(info.Deadline);
        Assert.Equal("""{"charge_id":"ch-7","count":5,"items":[3,4],"order_id":"o-1","seen":"o-1 True seen","total":7,"tries":[3]}""", Json(info.Data));
        Assert.Equal(info.Result!.Value.GetRawText(), Json(info.Data));
        Assert.Equal(["validate", "total", "charge", "count", "seen"], info.Steps!.Select(step => step.Name));
        Assert.Equal(3, info.Steps![2].Attempts);
        // What a step changed stands behind its outcome.
        var kinds = (await run.GetHistoryAsync()).Select(e => e.Kind).ToList();
        for (var i = 0; i < kinds.Count; i++)
            if (kinds[i] == EventKind.StepCompleted) Assert.Equal(EventKind.ContextChanged, kinds[i + 1]);
    }

    [Theory, EveryStore]
    public async Task J1_ABranchRunsExactlyOneClause_OrTheDefault_OrNothing(StoreKind store)
    {
        var pipeline = Pipeline.Define("branches", p => p
            .Branch("kind", c => c.Input, b => b
                .When("digital", q => q.Step("text", c => c.Data.Append("ran", "text")))
                .When(3, q => q.Step("number", c => c.Data.Append("ran", "number")))
                .When(false, q => q.Step("truth", c => c.Data.Append("ran", "truth")))
                .When(null, q => q.Step("null", c => c.Data.Append("ran", "null")))
                .When(RunStatus.Blocked, q => q.Step("enum", c => c.Data.Append("ran", "enum"))))
            .Branch("other", c => c.Input, b => b
                .When("digital", q => q.Step("again", c => c.Data.Append("ran", "again")))
                .Otherwise(q => q.Step("default", c => c.Data.Append("ran", "default"))))
            .Step("tail", c => c.Data.Append("ran", "tail")));
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddPipeline(pipeline));

        foreach (var (input, ran) in new (object?, string)[]
        {
            ("digital", "text,again,tail"), (3, "number,default,tail"), (false, "truth,default,tail"), (null, "null,default,tail"), ("Blocked", "enum,default,tail"), ("unknown", "default,tail"),
        })
        {
            var run = await engine.Client.StartAsync("branches", input).Soon();
            var data = await run.ResultAsync<JsonElement>().Soon();
            Assert.Equal(ran, string.Join(',', data.GetProperty("ran").EnumerateArray().Select(item => item.GetString())));
        }
    }

    [Theory, EveryStore]
    public async Task J1_WhatASelectorThrowsFailsTheRun(StoreKind store)
    {
        var pipeline = Pipeline.Define("throws", p => p.Branch("kind", c => throw new InvalidOperationException("no kind"), b => b.When(1, q => q.Step("a", c => { }))));
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddPipeline(pipeline));
        var failed = await Assert.ThrowsAsync<RunFailedException>(() => engine.Client.RunAsync(pipeline.Workflow, default).Soon());
        Assert.Equal("invalid_operation", failed.ErrorCode);
    }

    [Theory, EveryStore]
    public async Task J3_ADecisionGoesForwardAndIsRecorded_AnyOtherFailsTheRunWithItsCode(StoreKind store)
    {
        var pipeline = Pipeline.Define("decides", p => p
            .Step("first", c => c.Data.Append("ran", "first"))
            .Decide("route", c => c.Input.GetString() switch { "on" => Next.Continue, "end" => Next.Finish(42), var target => Next.Goto(target!) })
            .Step("second", c => c.Data.Append("ran", "second"))
            .Branch("block", c => true, b => b.When(true, q => q.Step("inner", c => c.Data.Append("ran", "inner")))));
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddPipeline(pipeline));

        async Task<(string, string)> RunAsync(string way)
        {
            var run = await engine.Client.StartAsync("decides", way).Soon();
            var result = await run.ResultAsync<JsonElement>().Soon();
            var decided = Assert.Single(await run.GetHistoryAsync(kinds: [EventKind.DecisionMade]));
            Assert.Equal("route", decided.Name);
            return (result.ValueKind == JsonValueKind.Number ? result.GetRawText() : string.Join(',', result.GetProperty("ran").EnumerateArray()), decided.Data!.Value.GetRawText());
        }
        Assert.Equal(("first,second,inner", """{"next":"continue"}"""), await RunAsync("on"));
        Assert.Equal(("first,inner", """{"next":"goto","target":"block"}"""), await RunAsync("block"));
        Assert.Equal(("42", """{"next":"finish"}"""), await RunAsync("end"));

        foreach (var (target, code) in new[] { ("first", "PERD1424"), ("route", "PERD1423"), ("nowhere", "PERD1422"), ("inner", "PERD1422") })
        {
            var failed = await Assert.ThrowsAsync<RunFailedException>(() => engine.Client.RunAsync<object, JsonElement>(new("decides"), target).Soon());
            Assert.Equal(code, failed.ErrorCode);
        }
    }

    [Theory, EveryStore]
    public async Task J4_ClausesNestToAnyDepth_AndAResumedRunGoesOnWithTheRestOfItsClauseAndTheTail(StoreKind kind)
    {
        var ran = new List<string>();
        PipelineDefinition<int> Build()
        {
            void Deep(PipelineBuilder<int> p, int depth)
            {
                p.Step($"before-{depth}", c => ran.Add(c.CurrentStep));
                if (depth < 6) p.Branch($"branch-{depth}", c => depth % 2 == 0, b => b.When(depth % 2 == 0, q => Deep(q, depth + 1)).Otherwise(q => q.Step($"never-{depth}", c => ran.Add(c.CurrentStep))));
                else p.WaitForEvent("go");
                p.Step($"after-{depth}", c => ran.Add(c.CurrentStep));
            }
            return Pipeline.Define<int>("nested", p => Deep(p, 0));
        }
        using var store = new TestStore(kind);
        string id;
        await using (var first = await TestEngine.StartAsync(store, builder => builder.AddPipeline(Build())))
        {
            id = (await first.Client.StartAsync("nested", 1).Soon()).Id;
            await Waiting.UntilAsync(async () => (await first.Client.GetAsync(id)).WaitingFor is [{ Name: "go" }]);
            await first.StopAsync();
        }
        Assert.Equal(Enumerable.Range(0, 7).Select(depth => $"before-{depth}"), ran);
        ran.Clear();
        await using var second = await TestEngine.StartAsync(store, builder => builder.AddPipeline(Build()));
        await second.Client.SignalAsync(id, Go, "x").Soon();
        var result = await second.Client.Handle<JsonElement>(id).ResultAsync().Soon();
        Assert.Equal("x", result.GetProperty("go").GetString());
        Assert.Equal(Enumerable.Range(0, 7).Reverse().Select(depth => $"after-{depth}"), ran);
    }

    [Theory, EveryStore]
    public async Task J5_IterationsThatAreDoneAreNotRepeated(StoreKind kind)
    {
        var ran = new List<int>();
        var block = new TaskCompletionSource();
        PipelineDefinition<int[]> Build(bool stops) => Pipeline.Define<int[]>("each", p => p
            .ForEach("items", c => c.Input, q => q.Step("work", async c =>
            {
                if (stops && c.Index == 57) await block.Task;
                lock (ran) ran.Add(c.Item<int>());
                c.Data.Increment("sum", c.Item<int>());
            })));
        using var store = new TestStore(kind);
        string id;
        await using (var first = await TestEngine.StartAsync(store, builder => builder.AddPipeline(Build(stops: true)), o => o.ShutdownGrace = TimeSpan.FromMilliseconds(1)))
        {
            id = (await first.Client.StartAsync("each", Enumerable.Range(1, 100).ToArray()).Soon()).Id;
            await Waiting.UntilAsync(async () => (await first.Client.GetAsync(id)).Data.Get<int>("sum") == 57 * 58 / 2);
            await first.StopAsync();
        }
        Assert.Equal(Enumerable.Range(1, 57), ran);
        await using var second = await TestEngine.StartAsync(store, builder => builder.AddPipeline(Build(stops: false)));
        var result = await second.TrickleAsync(second.Client.Handle<JsonElement>(id).ResultAsync());
        block.SetResult();
        Assert.Equal(5050, result.GetProperty("sum").GetInt32());
        lock (ran) Assert.Equal(Enumerable.Range(58, 43), ran.Skip(57).Distinct());
    }

    [Theory, EveryStore]
    public async Task I10_BranchesAreIsolated_AndTheSameKeyTwiceIsAConflict(StoreKind store)
    {
        var isolated = Pipeline.Define("isolated", p => p
            .Step("begin", c => c.Data.Put("shared", "old"))
            .Parallel("both", b => b
                .Branch("one", q => q.Step("a", c => c.Data.Put("mine", c.Data.Get<string>("shared"))).Step("b", c => c.Data.Put("from-one", c.Data.Get<string>("mine"))))
                .Branch("two", q => q.SleepFor("1s").Step("c", c => c.Data.Put("from-two", c.Data.Has("mine"))), returns: "second")));
        var conflict = Pipeline.Define("conflict", p => p
            .Parallel("both", b => b.Branch("one", q => q.Step("a", c => c.Data.Put("key", 1))).Branch("two", q => q.Step("b", c => c.Data.Put("key", 2)))));
        var merged = Pipeline.Define("merged", p => p
            .Parallel("both", b => b.Branch("one", q => q.Step("a", c => c.Data.Put("key", 1))).Branch("two", q => q.Step("b", c => c.Data.Put("key", 2)))
                .Into((data, results) => data.Put("key", results.Sum(result => result.Value.Data.Get<int>("key"))))));
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddPipeline(isolated).AddPipeline(conflict).AddPipeline(merged));

        var done = await engine.TrickleAsync(engine.Client.RunAsync(isolated.Workflow, default));
        Assert.Equal(
            """{"from-one":"old","from-two":false,"mine":"old","parallel.both.one":{"status":"completed"},"second":{"status":"completed"},"shared":"old"}""", done.GetRawText());
        var failed = await Assert.ThrowsAsync<RunFailedException>(() => engine.Client.RunAsync(conflict.Workflow, default).Soon());
        Assert.Equal("PERD1425", failed.ErrorCode);
        Assert.Equal("""{"key":3}""", (await engine.Client.RunAsync(merged.Workflow, default).Soon()).GetRawText());
    }

    [Theory, EveryStore]
    public async Task I10_AFailedBranchEndsTheBlock_OrIsTaggedWhenAllAreCompleted(StoreKind store)
    {
        var ran = new List<string>();
        PipelineDefinition<JsonElement> Build(string name, OnError onError) => Pipeline.Define(name, p => p
            .Parallel("both", b => b
                .Branch("bad", q => q.Step(name + "-fails", c => throw new NonRetryableException("broken", "broken")))
                .Branch("good", q => q.SleepFor("1h").Step(name + "-works", c =>
                {
                    ran.Add(name);
                    c.Data.Put("worked", true);
                }))
                .OnError(onError)));
        var (fast, all) = (Build("fast", OnError.FailFast), Build("all", OnError.CompleteAll));
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddPipeline(fast).AddPipeline(all));

        // It waits for no hour.
        var failed = await Assert.ThrowsAsync<RunFailedException>(() => engine.Client.RunAsync(fast.Workflow, default).Soon());
        Assert.Equal("broken", failed.ErrorCode);
        var run = await engine.Client.StartAsync(all.Workflow, default).Soon();
        await run.WaitsForAsync("timer");
        engine.Clock.Advance(TimeSpan.FromHours(1));
        var data = await engine.TrickleAsync(run.ResultAsync());
        Assert.Equal("broken", data.GetProperty("parallel.both.bad").GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("completed", data.GetProperty("parallel.both.good").GetProperty("status").GetString());
        Assert.True(data.GetProperty("worked").GetBoolean());
        Assert.Equal(["all"], ran);
    }

    [Theory, EveryStore]
    public async Task J6_CompletedStepsAreUndoneInReverse_WithTheDataOfTheirEnds(StoreKind store)
    {
        var undone = new List<string>();
        var pipeline = Pipeline.Define("undone", p => p
            .Step("one", c => c.Data.Put("at", "one"), s => s.Compensate("undo-one", c => { undone.Add("one at " + c.Data.Get<string>("at")); return Task.CompletedTask; }))
            .Step("two", c => c.Data.Put("at", "two"), s => s.Compensate("undo-two", c => { undone.Add("two at " + c.Data.Get<string>("at")); return Task.CompletedTask; }))
            .Step("three", c => throw new NonRetryableException("broken", "broken"), s => s.Compensate("undo-three", c => { undone.Add("three"); return Task.CompletedTask; })));
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddPipeline(pipeline));
        var run = await engine.Client.StartAsync(pipeline.Workflow, default).Soon();
        var failed = await Assert.ThrowsAsync<RunFailedException>(() => run.WaitAsync().Soon());

        Assert.Equal("broken", failed.ErrorCode);
        Assert.Equal(["two at two", "one at one"], undone);
        var info = await run.GetAsync(RunInclude.Steps);
        Assert.True(info.Compensated);
        Assert.Equal(["undo-two undoes two", "undo-one undoes one"], info.Compensations!.Select(result => $"{result.Undo} undoes {result.Step}"));
    }

    [Theory, EveryStore]
    public async Task J7_AnUndoThatFailsEndsTheRunAsCompensationFailed_AndTheOthersRun(StoreKind store)
    {
        var undone = new List<string>();
        var once = new StepOptions { Retry = RetryPolicy.None };
        var pipeline = Pipeline.Define("stuck", p => p
            .Step("one", c => { }, s => s.Compensate("undo-one", c => { undone.Add("one"); return Task.CompletedTask; }))
            .Step("two", c => { }, s => s.Compensate("undo-two", c => throw new InvalidOperationException("stuck"), once))
            .Step("three", c => throw new NonRetryableException("broken", "broken")));
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddPipeline(pipeline));
        var run = await engine.Client.StartAsync(pipeline.Workflow, default).Soon();
        await Assert.ThrowsAsync<RunCompensationFailedException>(() => run.WaitAsync().Soon());
        Assert.Equal(["one"], undone);
    }

    [Theory, EveryStore]
    public async Task J10_ACancelledPipelineIsUndoneOnlyIfItSaysSo(StoreKind store)
    {
        var undone = new List<string>();
        PipelineDefinition<JsonElement> Build(string name, bool undoes) => Pipeline.Define(name, p =>
        {
            if (undoes) p.CompensateOnCancel();
            p.Step(name + "-step", c => { }, s => s.Compensate(name + "-undo", c => { undone.Add(name); return Task.CompletedTask; })).WaitForEvent("go");
        });
        var (plain, undoing) = (Build("plain", false), Build("undoing", true));
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddPipeline(plain).AddPipeline(undoing));
        foreach (var pipeline in new[] { plain, undoing })
        {
            var run = await engine.Client.StartAsync(pipeline.Workflow, default).Soon();
            await run.WaitsForAsync("signal");
            await run.CancelAsync("enough").Soon();
            await Assert.ThrowsAsync<RunCancelledException>(() => run.WaitAsync().Soon());
            Assert.Equal(pipeline == undoing, (await run.GetAsync()).Compensated);
        }
        Assert.Equal(["undoing"], undone);
    }

    [Theory]
    [InlineData(true, "charge, refund")]
    [InlineData(false, "charge")]
    public async Task CompensateInDoubt_UndoesAStepThatHadBegunWhenTheRunWasCancelled(bool inDoubt, string expected)
    {
        var probe = new Probe();
        var pipeline = Pipeline.Define("doubt", p =>
        {
            p.CompensateOnCancel().Step("charge", async (PipelineContext<JsonElement> _, CancellationToken ct) => await probe.HoldAsync("charge", ct),
                s => s.Compensate("refund", (PipelineContext<JsonElement> _) => probe.NoteAsync("refund", 1)));
            if (inDoubt) p.CompensateInDoubt();
        });
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder => builder.AddPipeline(pipeline));
        var run = await engine.Client.StartAsync(pipeline, default).Soon();
        await probe.ReachedAsync("charge");
        await run.CancelAsync().Soon();
        await Assert.ThrowsAsync<RunCancelledException>(() => engine.TrickleAsync(run.ResultAsync()));
        Assert.Equal(expected, string.Join(", ", probe.Calls));
    }

    [Theory, EveryStore]
    public async Task B13_ARunWhoseWaitingStepWasRenamed_IsBlocked_AndGoesOnWithTheOldName(StoreKind kind)
    {
        using var store = new TestStore(kind);
        static PipelineDefinition<JsonElement> Build(string wait) => Pipeline.Define("renamed", p => p.Step("before", c => c.Data.Put("n", 1)).WaitForEvent(wait).Step("after", c => c.Data.Increment("n")));
        string id;
        await using (var first = await TestEngine.StartAsync(store, builder => builder.AddPipeline(Build("paid"))))
        {
            var run = await first.Client.StartAsync(Build("paid"), default).Soon();
            id = run.Id;
            await run.WaitsForAsync("signal");
            await first.StopAsync();
        }
        await using (var second = await TestEngine.StartAsync(store, builder => builder.AddPipeline(Build("settled"))))
        {
            await second.Client.SignalAsync(id, "paid", "now").Soon();
            await second.TrickleAsync(second.Client.Handle(id).BecomesAsync(RunStatus.Blocked));
            var blocked = await second.Client.GetAsync(id).Soon();
            Assert.Equal("NonDeterminism", blocked.BlockedReason);
            Assert.Contains("paid", blocked.BlockedDetail);
            await second.StopAsync();
        }
        await using var third = await TestEngine.StartAsync(store, builder => builder.AddPipeline(Build("paid")));
        await third.Client.ResumeAsync(id).Soon();
        Assert.Equal("""{"n":2,"paid":"now"}""", (await third.TrickleAsync(third.Client.Handle(id).ResultAsync<JsonElement>())).GetRawText());
    }

    [Theory, EveryStore]
    public async Task B13_OfEveryKindOfStep_ARunThatStandsInOneThatWasRenamed_IsBlocked_AndGoesOnWithTheOldName(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var failing = true;
        var hook = new Published<string>("hook");
        var often = RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { MaxAttempts = 10_000 };
        void MayFail()
        {
            if (Volatile.Read(ref failing)) throw new WorkflowFailureException("busy", "come back");
        }
        var kinds = new Dictionary<string, Action<PipelineBuilder<JsonElement>, string>>
        {
            ["sleep"] = static (p, name) => p.SleepFor("5s", name),
            ["until"] = (p, name) => p.SleepUntil(name, c => store.Clock.GetUtcNow().AddSeconds(5)),
            ["event"] = static (p, name) => p.WaitForEvent(name, "go"),
            ["timed-event"] = static (p, name) => p.WaitForEvent(name, "go", TimeSpan.FromSeconds(5)),
            ["any"] = static (p, name) => p.WaitForAny(name, ["go", "gone"]),
            ["all"] = static (p, name) => p.WaitForAll(name, ["go", "gone"], TimeSpan.FromSeconds(5)),
            ["input"] = static (p, name) => p.WaitForInput(name, InputForm.Approval("May it?"), new() { Timeout = TimeSpan.FromSeconds(5), DefaultValue = false }),
            ["step"] = (p, name) => p.Step(name, c => MayFail(), s => s.Retry(often)),
            ["queued"] = (p, name) => p.Step(name, c => MayFail(), s => s.Retry(often).Queue(PerdureDefaults.Queue)),
            ["flow-sleep"] = static (p, name) => p.Flow(name, static (_, ctx) => ctx.SleepAsync("5s")),
            ["flow-signal"] = static (p, name) => p.Flow(name, static (_, ctx) => ctx.WaitForAsync(Go)),
            ["flow-step"] = (p, name) => p.Flow(name, (_, ctx) => ctx.StepAsync("inside", () =>
            {
                MayFail();
                return Task.CompletedTask;
            }, new() { Retry = often })),
            ["flow-child"] = static (p, name) => p.Flow(name, static (_, ctx) => ctx.ChildAsync<Unit>("child", default(Unit))),
            ["flow-activity"] = (p, name) => p.Flow(name, (_, ctx) => ctx.ActivityAsync<int>("work", 1, new() { Retry = often })),
            ["flow-hook"] = (p, name) => p.Flow(name, async (_, ctx) =>
            {
                var asked = ctx.CreateHook<string>("carrier");
                ctx.Publish(hook, asked.Token);
                await asked.ReceiveAsync();
            }),
        };
        PipelineDefinition<JsonElement> Build(string of, string name) => Pipeline.Define(of, p =>
        {
            p.Step("before", static c => { });
            kinds[of](p, name);
            p.Step("after", static c => c.Data.Put("passed", true));
        });
        void Register(IPerdureBuilder builder, string name)
        {
            foreach (var of in kinds.Keys) builder.AddPipeline(Build(of, name));
            builder.AddWorkflow("child", static async (WorkflowContext ctx, Unit _) => await ctx.SleepAsync("5s")).AddActivity("work", (int n) =>
            {
                MayFail();
                return Task.FromResult(n);
            });
        }

        var ids = new Dictionary<string, string>();
        await using (var first = await TestEngine.StartAsync(store, builder => Register(builder, "old")))
        {
            foreach (var of in kinds.Keys) ids[of] = (await first.Client.StartAsync(Build(of, "old"), default).Soon()).Id;
            foreach (var (_, id) in ids) await first.Client.Handle(id).BecomesAsync(RunStatus.Suspended);
            await first.StopAsync();
        }
        failing = false;
        await using (var second = await TestEngine.StartAsync(store, builder => Register(builder, "new")))
        {
            // Whatever each waits for, this has it loaded.
            foreach (var (_, id) in ids) await second.Client.SignalAsync(id, "go", "now").Soon();
            foreach (var (of, id) in ids)
            {
                await second.TrickleAsync(second.Client.Handle(id).BecomesAsync(RunStatus.Blocked));
                var blocked = await second.Client.GetAsync(id).Soon();
                Assert.Equal((of, "NonDeterminism"), (of, blocked.BlockedReason));
                Assert.Matches($"{of}: .*expected.*old.*Actual.*new", $"{of}: {blocked.BlockedDetail}");
            }
            await second.StopAsync();
        }
        await using var third = await TestEngine.StartAsync(store, builder => Register(builder, "old"));
        await third.Client.SignalAsync(ids["all"], "gone", "now").Soon();
        await third.Client.ResumeHookAsync((await third.Client.ReadAsync(ids["flow-hook"], hook).Soon())!, "now").Soon();
        foreach (var (_, id) in ids)
        {
            await third.Client.ResumeAsync(id).Soon();
            Assert.True((await third.TrickleAsync(third.Client.Handle(id).ResultAsync<JsonElement>())).GetProperty("passed").GetBoolean());
        }
    }

    [Theory, EveryStore]
    public async Task WaitsPutTheirAnswersIntoTheData(StoreKind store)
    {
        var pipeline = Pipeline.Define("waits", p => p
            .WaitForEvent("first", signal: "go")
            .WaitForEvent("late", timeout: TimeSpan.FromSeconds(1), otherwise: "nothing")
            .WaitForAny("any", ["a", "b"])
            .WaitForAll("all", ["c", "d"], TimeSpan.FromSeconds(1))
            .SleepUntil("until", c => DateTimeOffset.UnixEpoch)
            .Flow("flow", async (c, ctx) => c.Data.Put("flowed", await ctx.StepAsync("inside", () => Task.FromResult(c.Data.Get<string>("first"))))));
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddPipeline(pipeline));
        var run = await engine.Client.StartAsync(pipeline.Workflow, default).Soon();
        await run.SignalAsync(Go, "gone").Soon();
        await run.SignalAsync("b", 7).Soon();
        await run.SignalAsync("c", 8).Soon();

        Assert.Equal(
            """{"all":{"complete":false,"payloads":{"c":8}},"any":{"name":"b","payload":7},"first":"gone","flowed":"gone","late":"nothing"}""",
            (await engine.TrickleAsync(run.ResultAsync())).GetRawText());
    }

    [Theory, EveryStore]
    public async Task WaitForInput_AsksPeople_AndPutsTheAnswerIntoTheData(StoreKind store)
    {
        var pipeline = Pipeline.Define("asks", p => p
            .WaitForInput("approve", InputForm.Approval("Go on?"), new() { Assignee = "ann" })
            .WaitForInput("color", InputForm.Choice("Which?", ["red", "green"]), new() { Timeout = TimeSpan.FromHours(1), DefaultValue = "red" })
            .WaitForInput("why", InputForm.Text("Why?"), new() { Timeout = TimeSpan.FromHours(1) })
            .Step("end", c => c.Data.Put("approved", c.Data.Get<bool>("approve"))));
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddPipeline(pipeline));
        var run = await engine.Client.StartAsync(pipeline, default).Soon();
        Assert.Equal("approve", (await run.WaitsForAsync("input")).Name);
        Assert.Equal("ann", Assert.Single((await engine.Client.ListInputsAsync().Soon()).Inputs).Assignee);
        await Assert.ThrowsAsync<InputValidationException>(() => run.ProvideInputAsync("approve", "maybe").Soon());
        await run.ProvideInputAsync("approve", true).Soon();
        await Waiting.UntilAsync(async () => (await engine.Client.ListInputsAsync()).Inputs is [{ Name: "color" }]);
        await engine.AdvanceUntilAsync(async () => (await engine.Client.ListInputsAsync()).Inputs is [{ Name: "why" }], TimeSpan.FromMinutes(10));
        await engine.AdvanceUntilAsync(async () => await run.StatusAsync() == RunStatus.Completed, TimeSpan.FromMinutes(10));

        Assert.Equal("""{"approve":true,"approved":true,"color":"red","why":null}""", (await run.ResultAsync().Soon()).GetRawText());
    }

    private sealed class Two
    {
        public static readonly PipelineDefinition<int> First = Pipeline.Define<int>("first-of-two", p => p.Step("a", c => c.Data.Put("n", c.Input)));
        public static readonly PipelineDefinition<int> Second = Pipeline.Define<int>("second-of-two", p => p.Step("b", c => c.Data.Put("n", -c.Input)));
    }

    [Fact]
    public async Task StartAsync_OfAClassOfPipelines_StartsTheFirst_OrTheNamedOne()
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, static builder => builder.AddPipelines<Two>());
        var (first, second, typed) = (await engine.Client.StartAsync<Two>(3).Soon(), await engine.Client.StartAsync<Two>(3, new() { Key = "k" }, pipeline: "second-of-two").Soon(),
            await engine.Client.StartAsync(Two.Second, 5).Soon());

        Assert.Equal(["""{"n":3}""", """{"n":-3}""", """{"n":-5}"""],
            [(await first.ResultAsync<JsonElement>().Soon()).GetRawText(), (await second.ResultAsync<JsonElement>().Soon()).GetRawText(), (await typed.ResultAsync().Soon()).GetRawText()]);
        Assert.Contains("second-of-two", (await Assert.ThrowsAsync<UnknownWorkflowException>(() => engine.Client.StartAsync<Two>(3, pipeline: "second-of-tow"))).Message);
        await Assert.ThrowsAsync<InputValidationException>(() => engine.Client.StartAsync<Two>("three"));
    }

    [Theory, EveryStore]
    public async Task ALoopGoesOnWhileItsConditionHolds_AndFailsBeyondItsLimit(StoreKind store)
    {
        PipelineDefinition<int> Build(string name, int limit) => Pipeline.Define<int>(name, p => p
            .Loop("poll", c => c.Data.Get<int>("n") < c.Input, q => q.Step("count", c => c.Data.Increment("n")).Step("note", c => c.Data.Append("at", c.Index)), maxIterations: limit));
        var (loop, limited) = (Build("loop", 10), Build("limited", 2));
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddPipeline(loop).AddPipeline(limited));

        Assert.Equal("""{"at":[0,1,2],"n":3}""", (await engine.Client.RunAsync(loop.Workflow, 3).Soon()).GetRawText());
        Assert.Equal("""{"at":[0,1],"n":2}""", (await engine.Client.RunAsync(limited.Workflow, 2).Soon()).GetRawText());
        var failed = await Assert.ThrowsAsync<RunFailedException>(() => engine.Client.RunAsync(limited.Workflow, 3).Soon());
        Assert.Equal("PERD1426", failed.ErrorCode);
    }

    [Theory, EveryStore]
    public async Task ItemsSideBySideWorkOnCopies_AndStepsWithAQueueRunOnIt(StoreKind store)
    {
        var pipeline = Pipeline.Define<string[]>("side", p => p
            .ForEach("items", c => c.Input, q => q
                .Step("work", c => c.Data.Put($"{c.Item<string>()}", c.Index), s => s.Queue("slow")), maxParallel: 2));
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddPipeline(pipeline), o => (o.Queues["default"], o.Queues["slow"]) = (1, 2));
        var run = await engine.Client.StartAsync(pipeline.Workflow, ["a", "b", "c"]).Soon();

        Assert.Equal("""{"a":0,"b":1,"c":2}""", (await run.ResultAsync().Soon()).GetRawText());
        Assert.Equal(["side/work", "side/work", "side/work"], (await run.GetAsync(RunInclude.Steps)).Steps!.Select(step => step.Name));
    }

    [Fact]
    public async Task AddPipelines_RegistersEveryStaticField_AndAnotherPipelineOfANameIsRefused()
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder => builder.AddPipelines<Shop>().AddPipelines<Shop>());
        Assert.Equal("1", (await engine.Client.RunAsync(Shop.First.Workflow, default).Soon()).GetProperty("n").GetRawText());
        Assert.Equal("2", (await engine.Client.StartAsync("second", (object?)null).Soon() is { } run ? await run.ResultAsync<JsonElement>().Soon() : default).GetProperty("n").GetRawText());

        var twin = Pipeline.Define("first", p => p.Step("other", c => { }));
        await Assert.ThrowsAsync<InvalidOptionException>(() => TestEngine.StartAsync(StoreKind.Memory, builder => builder.AddPipelines<Shop>().AddPipeline(twin)));
        await Assert.ThrowsAsync<InvalidOptionException>(() => TestEngine.StartAsync(StoreKind.Memory, builder => builder.AddPipelines<Order>()));
    }

    private static string Json(RunDataView data) => $"{{{string.Join(',', data.All.Select(pair => $"\"{pair.Key}\":{pair.Value.GetRawText()}"))}}}";

    private sealed record Order(string Id, int[] Items);

    private sealed class Shop
    {
        public static readonly PipelineDefinition<JsonElement> First = Pipeline.Define("first", p => p.Step("one", c => c.Data.Put("n", 1)));

        public static readonly PipelineDefinition<JsonElement> Second = Pipeline.Define("second", p => p.Step("two", c => c.Data.Put("n", 2)));
    }
}
