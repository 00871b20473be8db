using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Requests;

/// <summary>Hooks: tokens, answers, expiry, several receipts, what is refused.</summary>
public class HookTests
{
    public sealed record Payment(string Id, int Cents, DateTimeOffset At);

    private static readonly Published<string> Link = new("link");

    private static void Register(IPerdureBuilder builder) => builder
        .AddWorkflow("pay", static async (WorkflowContext ctx, Unit _) =>
        {
            using var hook = ctx.CreateHook<Payment>("paid", TimeSpan.FromHours(1));
            ctx.Publish(Link, hook.Token);
            var (received, payment) = await hook.TryReceiveAsync();
            return received ? $"{payment.Id} {payment.Cents}" : "expired";
        })
        .AddWorkflow("strict", static async (WorkflowContext ctx, Unit _) =>
        {
            var hook = ctx.CreateHook<string>("paid", TimeSpan.FromHours(1));
            ctx.Publish(Link, hook.Token);
            try
            {
                return await hook.ReceiveAsync();
            }
            catch (HookExpiredException e)
            {
                return e.Code;
            }
        })
        .AddWorkflow("thrice", static async (WorkflowContext ctx, Unit _) =>
        {
            var hook = ctx.CreateHook<string>("parts", maxReceipts: 3);
            ctx.Publish(Link, hook.Token);
            var (first, second) = (hook.ReceiveAsync(), hook.ReceiveAsync());
            return $"{await first}{await second}{await hook.ReceiveAsync()}";
        });

    private static async Task<string> TokenAsync(RunHandle run)
    {
        await Waiting.UntilAsync(async () => await run.ReadAsync(Link) is not null);
        return (await run.ReadAsync(Link))!;
    }

    [Theory, EveryStore]
    public async Task AHook_IsAnsweredByItsToken_AndShowsTheSameTokenInTheNextLifeOfTheRun(StoreKind kind)
    {
        using var store = new TestStore(kind);
        string id, token;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("pay", default(Unit)).Soon();
            (id, token) = (run.Id, await TokenAsync(run));
            Assert.Equal(("hook", "paid", first.Clock.GetUtcNow() + TimeSpan.FromHours(1)), await WaitOf(run));
            await first.StopAsync();
        }
        await using var client = TestEngine.ClientOnly(store);
        await client.Client.ResumeHookAsync(token, new Payment("p-1", 995, store.Clock.GetUtcNow())).Soon();
        var info = await client.Client.GetHookAsync(token).Soon();
        Assert.Equal((id, "paid", HookStatus.Received, 1, 1), (info.RunId, info.Name, info.Status, info.Receipts, info.MaxReceipts));

        await using var second = await TestEngine.StartAsync(store, Register);
        Assert.Equal("p-1 995", await second.TrickleAsync(second.Client.Handle<string>(id).ResultAsync()));
        Assert.Equal(token, await second.Client.ReadAsync(id, Link));
        var history = await second.Client.GetHistoryAsync(id, kinds: [EventKind.HookCreated, EventKind.HookReceived, EventKind.HookDisposed]);
        Assert.Equal([EventKind.HookCreated, EventKind.HookReceived], history.Select(e => e.Kind));
        Assert.DoesNotContain(token, string.Concat(history.Select(e => e.Data?.GetRawText())));

        static async Task<(string, string, DateTimeOffset?)> WaitOf(RunHandle run)
        {
            var wait = await run.WaitsForAsync("hook");
            return (wait.Kind, wait.Name, wait.Due);
        }
    }

    [Theory, EveryStore]
    public async Task OfManyAnswersAtOnce_OneIsReceived_AndTheOthersAreTold(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var engine = await TestEngine.StartAsync(store, Register);
        await using var client = TestEngine.ClientOnly(store);
        var run = await engine.Client.StartAsync("strict", default(Unit)).Soon();
        var token = await TokenAsync(run);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            try
            {
                await (i % 2 == 0 ? engine : client).Client.ResumeHookAsync(token, $"a{i}");
                return $"a{i}";
            }
            catch (HookRefusedException e)
            {
                return e.Code;
            }
        }))).Soon();

        var winner = Assert.Single(answers, answer => answer[0] == 'a');
        Assert.All(answers.Where(answer => answer != winner), answer => Assert.Equal(ErrorCodes.AlreadyReceived, answer));
        Assert.Equal(winner, await engine.TrickleAsync(run.ResultAsync<string>()));
        Assert.Single(await run.GetHistoryAsync(kinds: [EventKind.HookReceived]));
    }

    [Theory, EveryStore]
    public async Task AHookThatNobodyAnswers_Expires_AndTakesNoLateAnswer(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var (soft, strict) = (await engine.Client.StartAsync("pay", default(Unit)).Soon(), await engine.Client.StartAsync("strict", default(Unit)).Soon());
        var (first, second) = (await TokenAsync(soft), await TokenAsync(strict));
        engine.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("expired", await engine.TrickleAsync(soft.ResultAsync<string>()));
        Assert.Equal(ErrorCodes.HookExpired, await engine.TrickleAsync(strict.ResultAsync<string>()));
        foreach (var token in new[] { first, second })
            Assert.Equal(ErrorCodes.RequestExpired, (await Assert.ThrowsAsync<HookRefusedException>(() => engine.Client.ResumeHookAsync(token, "late").Soon())).Code);
        Assert.Equal(HookStatus.Expired, (await engine.Client.GetHookAsync(first)).Status);
        Assert.Single(await soft.GetHistoryAsync(kinds: [EventKind.HookExpired]));
    }

    [Theory, EveryStore]
    public async Task AnAnswerJustBeforeTheEnd_IsNeverLostToIt(StoreKind kind)
    {
        using var store = new TestStore(kind);
        string id, token;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("strict", default(Unit)).Soon();
            (id, token) = (run.Id, await TokenAsync(run));
            await first.StopAsync();
        }
        store.Clock.Advance(TimeSpan.FromMinutes(50));
        await using (var client = TestEngine.ClientOnly(store)) await client.Client.ResumeHookAsync(token, "in time").Soon();
        store.Clock.Advance(TimeSpan.FromHours(1));
        await using var second = await TestEngine.StartAsync(store, Register);
        Assert.Equal("in time", await second.TrickleAsync(second.Client.Handle<string>(id).ResultAsync()));
    }

    [Theory, EveryStore]
    public async Task AHookWithSeveralReceipts_DeliversEachInOrder(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("thrice", default(Unit)).Soon();
        var token = await TokenAsync(run);
        foreach (var part in new[] { "a", "b", "c" }) await engine.Client.ResumeHookAsync(token, part).Soon();

        Assert.Equal("abc", await engine.TrickleAsync(run.ResultAsync<string>()));
        Assert.Equal(ErrorCodes.AlreadyReceived, (await Assert.ThrowsAsync<HookRefusedException>(() => engine.Client.ResumeHookAsync(token, "d").Soon())).Code);
    }

    [Theory, EveryStore]
    public async Task APayloadOfAnotherShape_IsRefusedWithItsPath_AndTheHookStaysOpen(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("pay", default(Unit)).Soon();
        var token = await TokenAsync(run);

        var wrong = await Assert.ThrowsAsync<InputValidationException>(() => engine.Client.ResumeHookAsync(token, new { id = "p", cents = "many", at = "yesterday" }).Soon());
        Assert.Equal(["$.at", "$.cents"], wrong.Errors.Keys.Order(StringComparer.Ordinal));
        await Assert.ThrowsAsync<InputValidationException>(() => engine.Client.ResumeHookAsync(token, "text").Soon());
        await engine.Client.ResumeHookAsync(token, new { id = "p", cents = 5, at = "2026-01-02T03:04:05Z", more = true }).Soon();
        Assert.Equal("p 5", await engine.TrickleAsync(run.ResultAsync<string>()));
    }

    [Theory, EveryStore]
    public async Task F22_TokensAre256UnguessableBits_AndOnlyTheirHashIsStored(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var runs = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => engine.Client.StartAsync("strict", default(Unit)))).Soon();
        var tokens = new List<string>();
        foreach (var run in runs) tokens.Add(await TokenAsync(run));

        Assert.Equal(5, tokens.Distinct().Count());
        Assert.All(tokens, token => Assert.Equal(32, System.Buffers.Text.Base64Url.DecodeFromChars(token).Length));
        foreach (var guess in new[] { runs[0].Id, runs[0].Id + "1", tokens[0][..^1], tokens[0] + "A", "", "0" })
            Assert.Equal(ErrorCodes.InvalidToken, (await Assert.ThrowsAsync<HookRefusedException>(() => engine.Client.ResumeHookAsync(guess, "x").Soon())).Code);
        var stored = (await engine.Store.ListRequestsAsync(new RequestQuery { Limit = 10 }, default)).Requests;
        Assert.All(stored, row => Assert.DoesNotContain(tokens, token => System.Text.Encoding.UTF8.GetString(row.Description.Span).Contains(token, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AFileStore_ShowsItsHooksToPeople_WithoutTheirTokens()
    {
        using var store = new TestStore(StoreKind.File);
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("strict", default(Unit)).Soon();
        var token = await TokenAsync(run);
        await run.WaitsForAsync("hook");
        await Waiting.UntilAsync(() => Shown() is { Name: "paid", State: "Pending", Receipts: 0, HasToken: false });
        await engine.Client.ResumeHookAsync(token, "now").Soon();
        await Waiting.UntilAsync(() => Shown() is { Name: "paid", State: "Answered", Receipts: 1, HasToken: false });
        await engine.TrickleAsync(run.WaitAsync());
        await run.DeleteAsync().Soon();
        await Waiting.UntilAsync(() => Shown() is null);

        (string? Name, string? State, int Receipts, bool HasToken)? Shown()
        {
            var folder = Path.Combine(store.Folder, "hooks");
            var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories) : [];
            if (files.Length == 0) return null;
            var text = File.ReadAllText(Assert.Single(files));
            var hook = System.Text.Json.JsonElement.Parse(text);
            return (hook.GetProperty("name").GetString(), hook.GetProperty("state").GetString(), hook.GetProperty("receipts").GetInt32(), text.Contains(token, StringComparison.Ordinal) || text.Contains("hash", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Theory, EveryStore]
    public async Task TheNextAttemptOfTheWorkflow_KeepsTheHookAndWhatItReceived(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("twice", async (WorkflowContext ctx, Unit _) =>
        {
            var hook = ctx.CreateHook<string>("paid", maxReceipts: 2);
            await ctx.StepAsync("send", () => probe.NoteAsync(hook.Token, 1));
            ctx.Publish(Link, hook.Token);
            var first = await hook.ReceiveAsync();
            if (ctx.Attempt == 1) throw new InvalidOperationException("once more");
            return $"{first} {await hook.ReceiveAsync()}";
        }, new() { Retry = RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { MaxAttempts = 2 } }));
        var run = await engine.Client.StartAsync("twice", default(Unit)).Soon();
        var token = await TokenAsync(run);
        await engine.Client.ResumeHookAsync(token, "one").Soon();
        await Waiting.UntilAsync(async () => (await run.GetHistoryAsync(kinds: [EventKind.WorkflowRetryScheduled])).Count == 1);
        await engine.Client.ResumeHookAsync(token, "two").Soon();

        Assert.Equal("one two", await engine.TrickleAsync(run.ResultAsync<string>()));
        Assert.Equal([token], probe.Calls);
        Assert.Single(await run.GetHistoryAsync(kinds: [EventKind.HookCreated]));
    }

    [Theory, EveryStore]
    public async Task ADisposedHook_AndOneOfAnEndedRun_TakeNothing(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("short", static async (WorkflowContext ctx, Unit _) =>
        {
            var (given, left) = (ctx.CreateHook<string>("given"), ctx.CreateHook<string>("left"));
            given.Dispose();
            ctx.Publish(Link, given.Token + " " + left.Token);
            await ctx.WaitForAsync(new Signal<string>("end"));
        }));
        var run = await engine.Client.StartAsync("short", default(Unit)).Soon();
        var tokens = (await TokenAsync(run)).Split(' ');
        Assert.Equal(ErrorCodes.RequestExpired, (await Assert.ThrowsAsync<HookRefusedException>(() => engine.Client.ResumeHookAsync(tokens[0], "x").Soon())).Code);
        Assert.Equal(["given:Disposed", "left:Pending"], (await engine.Client.ListHooksAsync(new() { RunId = run.Id })).Hooks.Select(hook => $"{hook.Name}:{hook.Status}"));

        await run.SignalAsync("end", "").Soon();
        await engine.TrickleAsync(run.WaitAsync());
        Assert.Equal(ErrorCodes.RequestExpired, (await Assert.ThrowsAsync<HookRefusedException>(() => engine.Client.ResumeHookAsync(tokens[1], "x").Soon())).Code);
        Assert.All((await engine.Client.ListHooksAsync()).Hooks, hook => Assert.Equal(HookStatus.Disposed, hook.Status));
    }
}
