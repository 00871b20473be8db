using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Requests;

/// <summary>Questions to people: what is asked, what is refused, what happens when nobody answers.</summary>
public class InputTests
{
    private static readonly InputField[] Fields =
    [
        new("name") { Min = 2, Max = 10 }, new("age", InputFieldType.Number) { Min = 18, Max = 99 }, new("news", InputFieldType.Bool) { Required = false },
        new("from", InputFieldType.Date), new("size", InputFieldType.Choice) { Choices = ["s", "m"] }, new("zip") { Pattern = "[0-9]{4}", Required = false },
    ];

    private static void Register(IPerdureBuilder builder) => builder
        .AddWorkflow("approve", static async (WorkflowContext ctx, Unit _) => await ctx.RequestApprovalAsync("ok", "All right?") ? "yes" : "no")
        .AddWorkflow("choose", static (WorkflowContext ctx, Unit _) => ctx.RequestChoiceAsync("color", "Which?", ["red", "green"]))
        .AddWorkflow("text", static (WorkflowContext ctx, Unit _) => ctx.RequestTextAsync("why", "Why?", new() { Timeout = TimeSpan.FromHours(1), DefaultValue = "because" }))
        .AddWorkflow("form", static (WorkflowContext ctx, Unit _) => ctx.RequestFormAsync<JsonElement>("form", "Who?", Fields))
        .AddWorkflow("many", static async (WorkflowContext ctx, Unit _) => string.Join('+', (await ctx.RequestChoicesAsync("many", "Which?", ["a", "b", "c"]))!))
        .AddWorkflow("strict", static async (WorkflowContext ctx, bool catches) =>
        {
            try
            {
                return await ctx.RequestTextAsync("why", "Why?", new() { Timeout = TimeSpan.FromHours(1), OnTimeout = InputTimeout.Fail });
            }
            catch (InputTimeoutException) when (catches)
            {
                return "nobody";
            }
        })
        .AddWorkflow("twice", static async (WorkflowContext ctx, Unit _) => $"{await ctx.RequestTextAsync("q", "First?")} {await ctx.RequestTextAsync("q", "Second?")}");

    private static async Task<RunHandle> AskingAsync(TestEngine engine, string workflow, object? input = null)
    {
        var run = await engine.Client.StartAsync(workflow, input).Soon();
        await run.WaitsForAsync("input");
        return run;
    }

    [Theory, EveryStore]
    public async Task F16_APlainAnswerArrivesUnwrappedAndTyped(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var (approve, choose, text, many) = (await AskingAsync(engine, "approve"), await AskingAsync(engine, "choose"), await AskingAsync(engine, "text"), await AskingAsync(engine, "many"));
        await engine.Client.ProvideInputAsync(approve.Id, "ok", true, by: "ann").Soon();
        await choose.ProvideInputAsync("color", "green").Soon();
        await text.ProvideInputAsync("why", "I say so").Soon();
        await many.ProvideInputAsync("many", new[] { "c", "a" }).Soon();

        Assert.Equal("yes", await engine.TrickleAsync(approve.ResultAsync<string>()));
        Assert.Equal("green", await engine.TrickleAsync(choose.ResultAsync<string>()));
        Assert.Equal("I say so", await engine.TrickleAsync(text.ResultAsync<string>()));
        Assert.Equal("c+a", await engine.TrickleAsync(many.ResultAsync<string>()));
        Assert.Equal("ann", Assert.Single(await approve.GetHistoryAsync(kinds: [EventKind.InputProvided])).Data!.Value.GetProperty("by").GetString());
    }

    [Theory, EveryStore]
    public async Task QuestionsOfARunThatContinuesAsNew_EndWithIt_AndItsSuccessorMakesItsOwn(StoreKind store)
    {
        var next = new Signal<string>("next");
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("rounds", async (WorkflowContext ctx, int round) =>
        {
            var answer = ctx.RequestTextAsync("why", "Why?");
            var go = ctx.WaitForAsync(next);
            return await ctx.WhenAnyAsync(new Task[] { answer, go }) == 0 ? $"{round} {await answer}" : await ctx.ContinueAsNewAsync<string>(round + 1);
        }));
        var run = await engine.Client.StartAsync("rounds", 1).Soon();
        await Waiting.UntilAsync(async () => (await run.GetAsync()) is { Status: RunStatus.Suspended, WaitingFor.Count: 2 });
        var question = Assert.Single((await engine.Client.ListInputsAsync()).Inputs);
        await run.SignalAsync(next, "on").Soon();
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await engine.Client.ListInputsAsync()).Inputs is [var open] && open.RunId != run.Id));

        // What was asked is nobody's any more: whoever answers it is told.
        await Assert.ThrowsAnyAsync<PerdureException>(() => engine.Client.ProvideInputAsync(run.Id, "why", "late", requestId: question.RequestId).Soon());
        var successor = (await engine.Client.GetChainAsync(run.Id))[^1].Id;
        await engine.Client.ProvideInputAsync(successor, "why", "because").Soon();
        Assert.Equal("2 because", await engine.TrickleAsync(run.ResultAsync<string>()));
    }

    [Theory, EveryStore]
    public async Task F15_AnAnswerThatDoesNotFit_IsRefusedFieldByField_AndTheQuestionStaysOpen(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var (approve, choose, form) = (await AskingAsync(engine, "approve"), await AskingAsync(engine, "choose"), await AskingAsync(engine, "form"));

        Assert.Equal(ErrorCodes.InputInvalid, (await Refused(approve, "ok", "true")).Code);
        Assert.Contains("red, green", (await Refused(choose, "color", "blue")).Errors["$"]);
        Assert.Equal(["$.age", "$.from", "$.more", "$.name", "$.size", "$.zip"],
            (await Refused(form, "form", new { name = "x", age = 17, from = "tomorrow", zip = "12", size = 3, more = 1 })).Errors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["$.age", "$.from", "$.name", "$.size"], (await Refused(form, "form", new { })).Errors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(3, (await engine.Client.ListInputsAsync()).Inputs.Count);

        await form.ProvideInputAsync("form", new { name = "Ann", age = 42, from = "2026-12-31", size = "m", zip = "8000" }).Soon();
        Assert.Equal(42, (await engine.TrickleAsync(form.ResultAsync<JsonElement>())).GetProperty("age").GetInt32());

        static async Task<InputValidationException> Refused(RunHandle run, string name, object answer) =>
            await Assert.ThrowsAsync<InputValidationException>(() => run.ProvideInputAsync(name, answer).Soon());
    }

    [Theory, EveryStore]
    public async Task F17_WhenNobodyAnswers_TheCodeGetsATimeout_AndARunThatDoesNotCatchItFails(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var (catches, fails, falls) = (await AskingAsync(engine, "strict", true), await AskingAsync(engine, "strict", false), await AskingAsync(engine, "text"));
        engine.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("nobody", await engine.TrickleAsync(catches.ResultAsync<string>()));
        Assert.Equal(ErrorCodes.InputTimeout, (await Assert.ThrowsAsync<RunFailedException>(() => engine.TrickleAsync(fails.ResultAsync<string>()))).ErrorCode);
        Assert.Equal("because", await engine.TrickleAsync(falls.ResultAsync<string>()));
        await Assert.ThrowsAsync<RunClosedException>(() => fails.ProvideInputAsync("why", "late").Soon());
    }

    [Theory, EveryStore]
    public async Task ASecondAnswer_AndOneForAnEarlierQuestion_AreTold(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await AskingAsync(engine, "twice");
        var first = Assert.Single((await engine.Client.ListInputsAsync()).Inputs);
        await run.ProvideInputAsync("q", "one", requestId: first.RequestId).Soon();
        await Waiting.UntilAsync(async () => (await engine.Client.ListInputsAsync()).Inputs is [{ Prompt: "Second?" }]);

        Assert.Equal(ErrorCodes.StaleRequest, (await Assert.ThrowsAsync<InputRefusedException>(() => run.ProvideInputAsync("q", "again", requestId: first.RequestId).Soon())).Code);
        Assert.Equal(ErrorCodes.NotWaiting, (await Assert.ThrowsAsync<InputRefusedException>(() => run.ProvideInputAsync("other", "x").Soon())).Code);
        await Assert.ThrowsAsync<RunNotFoundException>(() => engine.Client.ProvideInputAsync("nobody", "q", "x").Soon());
        await run.ProvideInputAsync("q", "two").Soon();
        Assert.Equal("one two", await engine.TrickleAsync(run.ResultAsync<string>()));
    }

    [Theory, EveryStore]
    public async Task OfManyAnswersAtOnce_OneIsProvided(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var client = TestEngine.ClientOnly(store, Register);
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            id = (await AskingAsync(first, "text")).Id;
            await first.StopAsync();
        }
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(async () =>
        {
            try
            {
                await client.Client.ProvideInputAsync(id, "why", $"a{i}");
                return $"a{i}";
            }
            catch (InputRefusedException e)
            {
                return e.Code;
            }
        }))).Soon();
        var winner = Assert.Single(answers, answer => answer[0] == 'a');
        Assert.Equal(5, answers.Count(answer => answer == ErrorCodes.AlreadyProvided));
        await using var second = await TestEngine.StartAsync(store, Register);
        Assert.Equal(winner, await second.TrickleAsync(second.Client.Handle<string>(id).ResultAsync()));
    }

    [Theory, EveryStore]
    public async Task F18_QuestionsThatExpireSoonAreListedByTheirExpiry_AnsweredOnesAreAbsent(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("ask", static (WorkflowContext ctx, int minutes) =>
            ctx.RequestTextAsync("q", $"{minutes}?", new() { Timeout = minutes == 0 ? null : TimeSpan.FromMinutes(minutes), Assignee = minutes % 20 == 0 ? "ann" : "bob" })));
        RunHandle? answered = null;
        foreach (var minutes in new[] { 50, 10, 0, 30, 20, 90 })
        {
            var run = await AskingAsync(engine, "ask", minutes);
            if (minutes == 30) answered = run;
        }
        await answered!.ProvideInputAsync("q", "x").Soon();

        Assert.Equal(["10?", "20?", "50?"], await PromptsAsync(new() { ExpiringWithin = TimeSpan.FromHours(1) }));
        Assert.Equal(["10?", "20?", "50?", "90?", "0?"], await PromptsAsync(new()));
        Assert.Equal(["20?", "0?"], await PromptsAsync(new() { Assignee = "ann" }));
        Assert.Equal(["30?"], await PromptsAsync(new() { Status = InputStatus.Provided }));
        var page = await engine.Client.ListInputsAsync(new() { Limit = 2 });
        Assert.Equal(["50?", "90?"], await PromptsAsync(new() { Limit = 2, After = page.Next }));

        async Task<IEnumerable<string>> PromptsAsync(InputFilter filter) => (await engine.Client.ListInputsAsync(filter).Soon()).Inputs.Select(input => input.Prompt);
    }

    [Theory, EveryStore]
    public async Task G18_ACancelClosesTimerInputAndHook_AndLaterAnswersGetRunClosed(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("all", static async (WorkflowContext ctx, Unit _) =>
        {
            var hook = ctx.CreateHook<string>("h");
            await Task.WhenAll(ctx.SleepAsync("1h"), ctx.RequestTextAsync("q", "?"), hook.ReceiveAsync(), ctx.WaitForAsync(new Signal<string>("s")));
        }));
        var run = await engine.Client.StartAsync("all", default(Unit)).Soon();
        await Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor.Count == 4);
        await run.CancelAsync("enough").Soon();
        await engine.TrickleAsync(run.BecomesAsync(RunStatus.Cancelled));

        var ends = await run.GetHistoryAsync(kinds: [EventKind.SleepCancelled, EventKind.InputCancelled, EventKind.HookDisposed, EventKind.WaitCancelled]);
        Assert.Equal(4, ends.Count);
        Assert.Equal(RunStatus.Cancelled, (await Assert.ThrowsAsync<RunClosedException>(() => run.ProvideInputAsync("q", "late").Soon())).Status);
        await Assert.ThrowsAsync<RunClosedException>(() => run.SignalAsync("s", "late").Soon());
        Assert.Empty((await engine.Client.ListInputsAsync()).Inputs);
        Assert.Equal([HookStatus.Disposed], (await engine.Client.ListHooksAsync()).Hooks.Select(hook => hook.Status));
    }

    [Theory, EveryStore]
    public async Task APausedRun_KeepsItsAnswerUntilItIsResumed(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await AskingAsync(engine, "approve");
        await run.PauseAsync().Soon();
        await run.BecomesAsync(RunStatus.Paused);
        await run.ProvideInputAsync("ok", false).Soon();
        await engine.PassAsync();
        Assert.Equal(RunStatus.Paused, await run.StatusAsync());
        await run.ResumeAsync().Soon();
        Assert.Equal("no", await engine.TrickleAsync(run.ResultAsync<string>()));
    }

    [Theory, EveryStore]
    public async Task TwoQuestionsOfOneName_AreRefusedInTheCode(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("double", static async (WorkflowContext ctx, Unit _) =>
        {
            var first = ctx.RequestTextAsync("q", "?");
            var second = await Assert.ThrowsAsync<InvalidOptionException>(() => ctx.RequestTextAsync("q", "?"));
            return $"{await first} {second.Code}";
        }));
        var run = await AskingAsync(engine, "double");
        await run.ProvideInputAsync("q", "one").Soon();
        Assert.Equal("one " + ErrorCodes.InvalidOption, await engine.TrickleAsync(run.ResultAsync<string>()));
    }
}
