using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Requests;

/// <summary>Hooks that a run leaves open when another goes on in its place.</summary>
public class ContinuedHookTests
{
    private static readonly Signal<string> Next = new("next");
    private static readonly Published<string> Token = new("token");

    [Theory, EveryStore]
    public async Task AnOpenHook_GoesOnWithItsToken_AndAnswersThatNobodyReadGoAlong(StoreKind kind)
    {
        using var store = new TestStore(kind);
        string first;
        RunHandle run;
        await using (var engine = await TestEngine.StartAsync(store, Register))
        {
            run = await engine.Client.StartAsync("collect", 1).Soon();
            first = await TokenAsync(engine, run.Id);
            await engine.Client.ResumeHookAsync(first, "a").Soon();
            await engine.Client.ResumeHookAsync(first, "b").Soon();
            await run.SignalAsync(Next, "on").Soon();
            Assert.Equal(first, await TokenAsync(engine, (await SuccessorAsync(engine, run.Id, 2))));
            await engine.StopAsync();
        }

        // Another life, the same token.
        await using var second = await TestEngine.StartAsync(store, Register);
        Assert.Equal((HookStatus.Pending, 3, 2), await StateAsync(second, first));
        await second.Client.ResumeHookAsync(first, "c").Soon();
        Assert.Equal("2 abc", await second.TrickleAsync(second.Client.Handle<string>(run.Id).ResultAsync()));
        Assert.Equal(ErrorCodes.AlreadyReceived, (await Assert.ThrowsAsync<HookRefusedException>(() => second.Client.ResumeHookAsync(first, "d").Soon())).Code);
    }

    [Theory, EveryStore]
    public async Task AnAnswerBeforeTheNextRunAsksForItsHook_IsDeliveredThen(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, static builder => builder.AddWorkflow("late", async (WorkflowContext ctx, int round) =>
        {
            if (round == 1)
            {
                ctx.Publish(Token, ctx.CreateHook<string>("back").Token);
                await ctx.WaitForAsync(Next);
                return await ctx.ContinueAsNewAsync<string>(2);
            }
            var said = await ctx.WaitForAsync(Next);
            var hook = ctx.CreateHook<string>("back");
            return said + await hook.ReceiveAsync();
        }));
        var run = await engine.Client.StartAsync("late", 1).Soon();
        var token = await TokenAsync(engine, run.Id);
        await run.SignalAsync(Next, "on").Soon();
        await SuccessorAsync(engine, run.Id, 2);
        await engine.Client.ResumeHookAsync(token, "!").Soon();
        await run.SignalAsync(Next, "hello").Soon();

        Assert.Equal("hello!", await engine.TrickleAsync(run.ResultAsync<string>()));
    }

    [Theory, EveryStore]
    public async Task AHookThatNoRunAsksFor_GoesOnToTheNext_AndEndsWithTheChain(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, static builder => builder.AddWorkflow("rounds", async (WorkflowContext ctx, int round) =>
        {
            if (round is 1 or 3) ctx.Publish(Token, ctx.CreateHook<string>("back", TimeSpan.FromDays(3)).Token);
            var said = await ctx.WaitForAsync(Next);
            return said == "end" ? said : await ctx.ContinueAsNewAsync<string>(round + 1);
        }));
        var run = await engine.Client.StartAsync("rounds", 1).Soon();
        var token = await TokenAsync(engine, run.Id);
        var expires = (await engine.Client.GetHookAsync(token)).ExpiresAt;
        for (var round = 2; round <= 4; round++)
        {
            await run.SignalAsync(Next, "on").Soon();
            var id = await SuccessorAsync(engine, run.Id, round);
            var hook = await engine.Client.GetHookAsync(token).Soon();
            Assert.Equal((id, HookStatus.Pending, expires), (hook.RunId, hook.Status, hook.ExpiresAt));
            if (round == 3) Assert.Equal(token, await TokenAsync(engine, id));
        }
        await run.SignalAsync(Next, "end").Soon();

        Assert.Equal("end", await engine.TrickleAsync(run.ResultAsync<string>()));
        Assert.Equal(HookStatus.Disposed, (await engine.Client.GetHookAsync(token).Soon()).Status);
    }

    [Theory, EveryStore]
    public async Task AnInheritedHook_ExpiresInTheNextRun_AndAnotherOfItsNameIsANewOne(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, static builder => builder.AddWorkflow("expiring", async (WorkflowContext ctx, int round) =>
        {
            var hook = ctx.CreateHook<string>("back", TimeSpan.FromMinutes(1));
            ctx.Publish(Token, hook.Token);
            if (round == 1)
            {
                await ctx.WaitForAsync(Next);
                return await ctx.ContinueAsNewAsync<string>(2);
            }
            var (received, _) = await hook.TryReceiveAsync();
            return $"{received} {ctx.CreateHook<string>("back").Token != hook.Token}";
        }));
        var run = await engine.Client.StartAsync("expiring", 1).Soon();
        var token = await TokenAsync(engine, run.Id);
        await run.SignalAsync(Next, "on").Soon();
        Assert.Equal(token, await TokenAsync(engine, await SuccessorAsync(engine, run.Id, 2)));

        Assert.Equal("False True", await engine.TrickleAsync(run.ResultAsync<string>()));
        Assert.Equal(HookStatus.Expired, (await engine.Client.GetHookAsync(token).Soon()).Status);
    }

    [Theory, EveryStore]
    public async Task AFurtherAttemptOfTheNextRun_KeepsTheInheritedHookAndItsAnswers(StoreKind kind)
    {
        var attempts = 0;
        await using var engine = await TestEngine.StartAsync(kind, builder => builder.AddWorkflow("retried", async (WorkflowContext ctx, int round) =>
        {
            var hook = ctx.CreateHook<string>("back", maxReceipts: 2);
            ctx.Publish(Token, hook.Token);
            if (round == 1)
            {
                await ctx.WaitForAsync(Next);
                return await ctx.ContinueAsNewAsync<string>(2);
            }
            var first = await hook.ReceiveAsync();
            if (Interlocked.Increment(ref attempts) == 1) throw new InvalidOperationException("not yet");
            return first + await hook.ReceiveAsync();
        }, new WorkflowOptions { Retry = RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { MaxAttempts = 3 } }));
        var run = await engine.Client.StartAsync("retried", 1).Soon();
        var token = await TokenAsync(engine, run.Id);
        await run.SignalAsync(Next, "on").Soon();
        await SuccessorAsync(engine, run.Id, 2);
        await engine.Client.ResumeHookAsync(token, "a").Soon();
        await engine.TrickleAsync(Waiting.UntilAsync(() => Volatile.Read(ref attempts) == 2));
        await engine.Client.ResumeHookAsync(token, "b").Soon();

        Assert.Equal("ab", await engine.TrickleAsync(run.ResultAsync<string>()));
    }

    [Theory, EveryStore]
    public async Task AHookThatIsFullBeforeAnybodyReceives_IsReceivedInTheNextRun(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, static builder => builder.AddWorkflow("full", async (WorkflowContext ctx, int round) =>
        {
            if (round == 2)
            {
                // Answered here before this run asks for it, and passed on.
                await ctx.WaitForAsync(Next);
                return await ctx.ContinueAsNewAsync<string>(3);
            }
            var hook = ctx.CreateHook<string>("back");
            ctx.Publish(Token, hook.Token);
            if (round == 3) return await hook.ReceiveAsync();
            await ctx.WaitForAsync(Next);
            return await ctx.ContinueAsNewAsync<string>(2);
        }));
        var run = await engine.Client.StartAsync("full", 1).Soon();
        var token = await TokenAsync(engine, run.Id);
        await run.SignalAsync(Next, "on").Soon();
        await SuccessorAsync(engine, run.Id, 2);
        await engine.Client.ResumeHookAsync(token, "only").Soon();
        Assert.Equal((HookStatus.Received, 1, 1), await StateAsync(engine, token));
        await run.SignalAsync(Next, "on").Soon();

        Assert.Equal("only", await engine.TrickleAsync(run.ResultAsync<string>()));
        Assert.Equal((HookStatus.Received, 1, 1), await StateAsync(engine, token));
    }

    [Theory, EveryStore]
    public async Task AnAnswerThatWasLostOnItsWayBack_WhileTheHookMovedOn_CountsOnceAndIsNotRefused(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var engine = await TestEngine.StartAsync(store, static builder => builder.AddWorkflow("moving", async (WorkflowContext ctx, int round) =>
        {
            var hook = ctx.CreateHook<string>("back", maxReceipts: 2);
            ctx.Publish(Token, hook.Token);
            if (round == 2) return $"{await hook.ReceiveAsync()} {await hook.ReceiveAsync()}";
            await ctx.WaitForAsync(Next);
            return await ctx.ContinueAsNewAsync<string>(2);
        }));
        var run = await engine.Client.StartAsync("moving", 1).Soon();
        var token = await TokenAsync(engine, run.Id);
        await using var client = TestEngine.ClientOnly(store, wrap: inner => LossyStore.On(inner, nameof(IPerdureStore.AnswerRequestAsync), async () =>
        {
            await run.SignalAsync(Next, "on");
            await Waiting.UntilAsync(async () => (await engine.Client.GetChainAsync(run.Id)).Count == 2);
        }));

        await engine.TrickleAsync(client.Client.ResumeHookAsync(token, "a"));
        Assert.Equal((HookStatus.Pending, 2, 1), await StateAsync(engine, token));
        await engine.Client.ResumeHookAsync(token, "b").Soon();
        Assert.Equal("a b", await engine.TrickleAsync(run.ResultAsync<string>()));
    }

    [Theory, EveryStore]
    public async Task AHookThatHasAllItsAnswers_GoesOnWithThoseThatNoCodeHasReceived(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, static builder => builder.AddWorkflow("answered", async (WorkflowContext ctx, string so) =>
        {
            var hook = ctx.CreateHook<string>("back", maxReceipts: 3);
            ctx.Publish(Token, hook.Token);
            so += await hook.ReceiveAsync();
            if (so.Length == 2) return so + await hook.ReceiveAsync();
            await ctx.WaitForAsync(Next);
            return await ctx.ContinueAsNewAsync<string>(so);
        }));
        var run = await engine.Client.StartAsync("answered", "").Soon();
        var token = await TokenAsync(engine, run.Id);
        foreach (var said in new[] { "a", "b", "c" }) await engine.Client.ResumeHookAsync(token, said).Soon();
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await engine.Client.GetHistoryAsync(run.Id)).Count(static e => e.Kind == EventKind.HookReceived) == 3));
        await run.SignalAsync(Next, "on").Soon();

        Assert.Equal("abc", await engine.TrickleAsync(run.ResultAsync<string>()));
        Assert.Equal((HookStatus.Received, 3, 3), await StateAsync(engine, token));
        Assert.Equal(token, await engine.Client.Handle<string>((await engine.Client.GetChainAsync(run.Id))[^1].Id).ReadAsync(Token));
    }

    private static void Register(IPerdureBuilder builder) => builder.AddWorkflow("collect", async (WorkflowContext ctx, int round) =>
    {
        var hook = ctx.CreateHook<string>("back", maxReceipts: 3);
        ctx.Publish(Token, hook.Token);
        if (round > 1) return $"{round} {await hook.ReceiveAsync()}{await hook.ReceiveAsync()}{await hook.ReceiveAsync()}";
        await ctx.WaitForAsync(Next);
        return await ctx.ContinueAsNewAsync<string>(round + 1);
    });

    private static async Task<string> TokenAsync(TestEngine engine, string run)
    {
        var handle = engine.Client.Handle<string>(run);
        await engine.TrickleAsync(Waiting.UntilAsync(async () => await handle.ReadAsync(Token) is not null));
        return (await handle.ReadAsync(Token))!;
    }

    private static async Task<string> SuccessorAsync(TestEngine engine, string run, int length)
    {
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await engine.Client.GetChainAsync(run)).Count == length));
        return (await engine.Client.GetChainAsync(run))[^1].Id;
    }

    private static async Task<(HookStatus Status, int Max, int Receipts)> StateAsync(TestEngine engine, string token)
    {
        var hook = await engine.Client.GetHookAsync(token);
        return (hook.Status, hook.MaxReceipts, hook.Receipts);
    }
}
