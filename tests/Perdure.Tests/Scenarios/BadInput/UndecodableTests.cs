using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.BadInput;

/// <summary>Payloads that do not fit the code, results that cannot be written, errors that cannot be described: clear, coded, and nothing is lost.</summary>
public class UndecodableTests
{
    private sealed record Loose(string Id, int? Amount);

    [Theory, EveryStore]
    public async Task M13_AnInputThatTheCodeCannotReadBlocksItsRunOnly_AndTheOldTypeLetsItGoOn(StoreKind kind)
    {
        using var store = new TestStore(kind);
        static void Strict(IPerdureBuilder builder) => builder.AddWorkflow("pay", (WorkflowContext ctx, int amount) => ctx.StepAsync("pay", () => Task.FromResult(amount)));
        static void Old(IPerdureBuilder builder) => builder.AddWorkflow("pay", (WorkflowContext ctx, Loose input) => ctx.StepAsync("pay", () => Task.FromResult(input.Amount ?? 0)));
        await using var producer = TestEngine.ClientOnly(store);
        var remote = new StartOptions { AllowRemote = true };
        var poison = await producer.Client.StartAsync("pay", new Loose("secret", 7), remote).Soon();
        var good = await producer.Client.StartAsync("pay", 5, remote).Soon();
        await using (var strict = await TestEngine.StartAsync(store, Strict))
        {
            await strict.TrickleAsync(poison.BecomesAsync(RunStatus.Blocked));
            Assert.Equal(5, await strict.TrickleAsync(strict.Client.Handle<int>(good.Id).ResultAsync()));
            var info = await poison.GetAsync();
            Assert.Equal("UndecodablePayload", info.BlockedReason);
            Assert.Contains("Int32", info.BlockedDetail, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", info.BlockedDetail, StringComparison.Ordinal);
            Assert.Equal(0, info.Crashes);
            var error = await Assert.ThrowsAsync<RunBlockedException>(() => strict.TrickleAsync(strict.Client.Handle<int>(poison.Id).ResultAsync(throwIfBlocked: true)));
            Assert.Equal(ErrorCodes.RunBlocked, error.Code);
            await strict.StopAsync();
        }
        await using var old = await TestEngine.StartAsync(store, Old);
        Assert.True(await old.Client.ResumeAsync(poison.Id).Soon());

        Assert.Equal(7, await old.TrickleAsync(old.Client.Handle<int>(poison.Id).ResultAsync()));
    }

    [Theory, EveryStore]
    public async Task AResultThatCannotBeWritten_FailsAtOnceWithoutItsValue_AndIsNotRetried(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("step", async (WorkflowContext ctx, Unit _) =>
            {
                try
                {
                    await ctx.StepAsync("stream", () => probe.NoteAsync("step", new MemoryStream("secret"u8.ToArray())));
                    return "";
                }
                catch (StepFailedException e)
                {
                    return $"{e.ErrorCode} {e.Attempts}";
                }
            })
            .AddWorkflow("activity", async (WorkflowContext ctx, Unit _) =>
            {
                try
                {
                    await ctx.ActivityAsync<double>("nan");
                    return "";
                }
                catch (ActivityFailedException e)
                {
                    return $"{e.ErrorCode} {e.Attempts}";
                }
            })
            .AddWorkflow("workflow", (WorkflowContext ctx, Unit _) => Task.FromResult(new { Secret = (Action)(() => { }) }))
            .AddActivity("nan", () => probe.NoteAsync("activity", double.NaN)));

        foreach (var workflow in new[] { "step", "activity" })
        {
            var run = await engine.Client.StartAsync(workflow, default(Unit)).Soon();
            Assert.Equal($"{ErrorCodes.ResultNotSerializable} 1", await engine.TrickleAsync(run.ResultAsync<string>()));
            Assert.Equal(1, probe.Count(workflow));
            Assert.DoesNotContain(await run.GetHistoryAsync(), e => e.Data?.GetRawText().Contains("secret", StringComparison.Ordinal) == true);
        }
        var whole = await engine.Client.StartAsync("workflow", default(Unit)).Soon();
        Assert.Equal(ErrorCodes.ResultNotSerializable, (await Assert.ThrowsAsync<RunFailedException>(() => engine.TrickleAsync(whole.WaitAsync()))).ErrorCode);
    }

    [Theory, EveryStore]
    public async Task O5_AResultBeyondTheLimitFailsItsOperation_WhoeverReturnsIt(StoreKind store)
    {
        var large = new string('x', PerdureDefaults.MaxPayloadBytes);
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("workflow", (WorkflowContext ctx, Unit _) => Task.FromResult(large))
            .AddWorkflow("activity", (WorkflowContext ctx, Unit _) => ctx.ActivityAsync<string>("large"))
            .AddWorkflow("input", (WorkflowContext ctx, Unit _) => ctx.ActivityAsync<string>("small", large))
            .AddWorkflow("publish", (WorkflowContext ctx, Unit _) =>
            {
                ctx.Publish(new Published<string>("state"), large);
                return Task.FromResult("");
            })
            .AddActivity("large", () => Task.FromResult(large))
            .AddActivity("small", (string text) => Task.FromResult("")));

        foreach (var workflow in new[] { "workflow", "activity", "input", "publish" })
        {
            var run = await engine.Client.StartAsync(workflow, default(Unit)).Soon();
            var error = await Assert.ThrowsAsync<RunFailedException>(() => engine.TrickleAsync(run.WaitAsync()));
            Assert.Equal(ErrorCodes.PayloadTooLarge, error.ErrorCode);
            Assert.Contains("1048576", error.ErrorMessage.Replace(",", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Theory, EveryStore]
    public async Task M15_AnErrorThatCannotBeStoredBecomesASmallOne_AndTheRunStillEnds(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("hostile", (WorkflowContext ctx, Unit _) => ctx.StepAsync<int>("hostile", () => throw new HostileException(), new() { Retry = RetryPolicy.None }))
            .AddWorkflow("huge", (WorkflowContext ctx, Unit _) => Task.FromException<int>(new InvalidOperationException("{0} {" + new string('x', 5_000_000) + "\0"))));

        var hostile = await engine.Client.StartAsync("hostile", default(Unit)).Soon();
        await Assert.ThrowsAsync<RunFailedException>(() => engine.TrickleAsync(hostile.WaitAsync()));
        Assert.Equal(RunStatus.Failed, await hostile.StatusAsync());
        var failed = Assert.Single(await hostile.GetHistoryAsync(kinds: [EventKind.StepFailed]));
        // The class still gives a code; the message says only that there is none.
        Assert.Equal("hostile", failed.Data!.Value.GetProperty("code").GetString());
        Assert.InRange(failed.Data!.Value.GetProperty("message").GetString()!.Length, 1, 200);

        var huge = await engine.Client.StartAsync("huge", default(Unit)).Soon();
        var error = await Assert.ThrowsAsync<RunFailedException>(() => engine.TrickleAsync(huge.WaitAsync()));
        Assert.Equal("invalid_operation", error.ErrorCode);
        Assert.InRange((await huge.GetAsync()).Error!.Message.Length, 1, PerdureDefaults.MaxErrorText);
    }

    [Theory, EveryStore]
    public async Task AnActivityCalledByNameWithAnInputThatDoesNotFit_IsRefusedBeforeItIsScheduled(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder
            .AddWorkflow("call", async (WorkflowContext ctx, Unit _) =>
            {
                try
                {
                    await ctx.ActivityAsync<int>("pay", new { id = "a", amount = "much" });
                    return "";
                }
                catch (InputValidationException e)
                {
                    probe.Note("refused");
                    return $"{e.Code} {string.Join(' ', e.Errors.Keys)} {await ctx.WaitForAsync(new Signal<string>("go"))}";
                }
            })
            .AddActivity("pay", (Loose input) => probe.NoteAsync("paid", 1));
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("call", default(Unit)).Soon();
            id = run.Id;
            await run.WaitsForAsync("signal");
        }
        // A replay is told the same.
        await using var second = await TestEngine.StartAsync(store, Register);
        var handle = second.Client.Handle<string>(id);
        await handle.SignalAsync("go", "on").Soon();

        Assert.Equal($"{ErrorCodes.InputInvalid} $.amount on", await second.TrickleAsync(handle.ResultAsync()));
        Assert.Equal(["refused", "refused"], probe.Calls);
        Assert.Empty(await handle.GetHistoryAsync(kinds: [EventKind.ActivityScheduled]));
    }

    [Theory, EveryStore]
    public async Task ACallByNameThatWasScheduled_IsNotCheckedAgainAgainstALaterType(StoreKind kind)
    {
        var probe = new Probe();
        static void Workflow(IPerdureBuilder builder) => builder.AddWorkflow("call", async (WorkflowContext ctx, Unit _) =>
            await ctx.ActivityAsync<int>("pay", new { id = "a", amount = 2 }) + await ctx.WaitForAsync(new Signal<int>("go")));
        using var change = new Change(kind);
        await change.SuspendAsync(builder =>
        {
            Workflow(builder);
            builder.AddActivity("pay", (Loose input) => probe.NoteAsync("paid", input.Amount!.Value));
        }, "call", default(Unit));

        Assert.Equal(42, await change.GoOnUnderAsync<int>(builder =>
        {
            Workflow(builder);
            builder.AddActivity("pay", (int amount) => probe.NoteAsync("paid", amount));
        }, new Signal<int>("go")));
        Assert.Equal(["paid"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task PublishedStateThatCannotBeWritten_IsAnInputThatDoesNotFit(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("publish", (WorkflowContext ctx, Unit _) =>
        {
            ctx.Publish(new Published<double>("state"), double.NaN);
            return Task.FromResult(1);
        }));
        var run = await engine.Client.StartAsync("publish", default(Unit)).Soon();

        var error = await Assert.ThrowsAsync<RunFailedException>(() => engine.TrickleAsync(run.WaitAsync()));
        Assert.Equal(ErrorCodes.InputInvalid, error.ErrorCode);
        Assert.Contains("published state", error.ErrorMessage, StringComparison.Ordinal);
    }

    private sealed class HostileException : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");

        public override string ToString() => throw new InvalidOperationException("no text");
    }

    [Theory, EveryStore]
    public async Task TextThatIsNoUnicodeIsRefused_AndASignalThatDoesNotFitBlocksItsRun(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var other = TestEngine.ClientOnly(store);
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("wait", (WorkflowContext ctx, Unit _) => ctx.WaitForAsync(new Signal<int>("number"))));
        var run = await engine.Client.StartAsync("wait", default(Unit)).Soon();
        await run.WaitsForAsync("signal");

        // Half of a surrogate pair is no text; nothing is stored of it.
        await Assert.ThrowsAsync<InputValidationException>(() => run.SignalAsync("number", "\ud800").Soon());
        await Assert.ThrowsAsync<InputValidationException>(() => engine.Client.StartAsync("wait", "\ud800").Soon());
        Assert.Empty((await run.GetAsync(RunInclude.Signals)).PendingSignals!);
        await other.Client.SignalAsync(run.Id, "number", "many").Soon();

        await engine.TrickleAsync(run.BecomesAsync(RunStatus.Blocked));
        var info = await run.GetAsync();
        Assert.Equal("UndecodablePayload", info.BlockedReason);
        Assert.Contains("\"number\"", info.BlockedDetail, StringComparison.Ordinal);
        Assert.DoesNotContain("many", info.BlockedDetail, StringComparison.Ordinal);
    }
}
