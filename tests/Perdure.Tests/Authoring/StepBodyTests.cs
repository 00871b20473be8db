using Microsoft.Extensions.DependencyInjection;
using Perdure.Authoring;

namespace Perdure.Tests.Authoring;

public class StepBodyTests
{
    [Fact]
    public async Task Invoke_EveryParameter_IsFilledByItsType()
    {
        using var source = new CancellationTokenSource();
        using ServiceProvider services = new ServiceCollection().AddSingleton(new Stock(5)).AddSingleton(
            new Mail("m")).BuildServiceProvider();
        StepInfo info = Info();
        var body = new FunctionBody<StepInfo, Stock, CancellationToken, Mail, IServiceProvider, string>(
            (step, stock, token, mail, provider) =>
            {
                Assert.Same(info, step);
                Assert.Equal(source.Token, token);
                Assert.NotNull(provider);
                return Task.FromResult(mail.Name + stock.Count);
            });
        Assert.True(body.NeedsServices);
        Assert.Equal("m5", await body.InvokeAsync(new FixedScope(services, info, source.Token)));
    }

    [Fact]
    public void NeedsServices_TokenAndInfoOnly_IsFalse()
    {
        Assert.False(new FunctionBody<int>(() => Task.FromResult(1)).NeedsServices);
        Assert.False(new FunctionBody<CancellationToken, StepInfo, int>((_, _) => Task.FromResult(1)).NeedsServices);
        Assert.False(new ActionBody<StepInfo>(_ => Task.CompletedTask).NeedsServices);
        Assert.True(new ActionBody<StepInfo, CancellationToken, Stock>((_, _, _) => Task.CompletedTask).NeedsServices);
    }

    [Fact]
    public async Task Invoke_NoProvider_NamesTheService()
    {
        var body = new ActionBody<Stock>(_ => Task.CompletedTask);
        InvalidOptionException error = await Assert.ThrowsAsync<InvalidOptionException>(
            () => body.InvokeAsync(new FixedScope(null, Info(), default)));
        Assert.Contains("Stock", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_Action_CompletesAfterItsTask()
    {
        var gate = new TaskCompletionSource();
        Task<Unit> pending = new ActionBody(() => gate.Task).InvokeAsync(new FixedScope(null, Info(), default));
        Assert.False(pending.IsCompleted);
        gate.SetResult();
        Assert.Equal(Unit.Value, await pending);
        await Assert.ThrowsAsync<IOException>(
            () => new ActionBody(() => Task.FromException(new IOException())).InvokeAsync(new FixedScope(null, Info(), default)));
    }

    [Fact]
    public void IdempotencyKey_DifferentStepsAndRuns_NeverShareOne()
    {
        string[] keys =
        [
            Key("a", 1, null), Key("a", 2, null), Key("b", 1, null), Key("a", 1, "x"), Key("a", 1, "x/2"), Key("a/1", 2, null),
                Key("a", 1, "2"),
            Key("a/1:x", 2, null), Key("a%2F1", 2, null), Key("a", 1, "x%2F2"), Key("a", 12, null), Key("a1", 2, null),
            Key("a", 1, null, "t"), Key("a", 1, null, "s/x"),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal("a/1/s", Key("a", 1, null));
        Assert.Equal("a/1/s/x", Key("a", 1, "x"));
        static string Key(string run, int operation, string? id, string name = "s") =>
            new StepInfo(run, name, 1, operation, id, PayloadCodec.Default).IdempotencyKey;
    }

    [Fact]
    public void C14_Heartbeat_details_reach_the_next_attempt()
    {
        ReadOnlyMemory<byte> reported = default;
        StepInfo first = Info(heartbeat: json => reported = json);
        Assert.False(first.HasPreviousDetails);
        Assert.Equal(0, first.PreviousDetails<int>());
        first.Heartbeat(new { Percent = 40 });
        StepInfo second = Info(reported);
        Assert.True(second.HasPreviousDetails);
        Assert.Equal(40, second.PreviousDetails<Progress>()!.Percent);
        Assert.Throws<UndecodablePayloadException>(() => second.PreviousDetails<int>());
        first.Heartbeat();
        Assert.True(reported.IsEmpty);
    }

    [Fact]
    public void Heartbeat_BadDetails_AreRefusedEvenWithoutAClock()
    {
        Assert.Throws<PayloadTooLargeException>(() => Info().Heartbeat(new string('x', 65_536)));
        Assert.Throws<InputValidationException>(() => Info().Heartbeat(new MemoryStream()));
        Info().Heartbeat(1);
    }

    private static StepInfo Info(ReadOnlyMemory<byte> previous = default, Action<ReadOnlyMemory<byte>>? heartbeat = null) =>
        new("run", "step", 1, 0, null, PayloadCodec.Default, previous, heartbeat);

    private sealed record Stock(int Count);

    private sealed record Mail(string Name);

    private sealed record Progress(int Percent);
}
