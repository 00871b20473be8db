using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Worker;

/// <summary>T15: what runs carry never stands in a log, whatever happens to them and at whatever level.</summary>
public class LogCanaryTests
{
    private const string Canary = "c4n4ry-7f3a";

    private static readonly Signal<string> Letter = new("letter");
    private static readonly Published<string> State = new("state");

    [Theory, EveryStore]
    public async Task T15_NoInputResultSignalStateOrErrorTextIsEverLogged(StoreKind kind)
    {
        var log = new LogCapture();
        using var store = new TestStore(kind);
        await using (var starter = TestEngine.ClientOnly(store, builder => builder.AddWorkflow("changed", (WorkflowContext ctx, string text) => Task.FromResult(text))))
            await starter.Client.StartAsync("changed", Canary, new() { Id = "changed" }).Soon();
        await using var engine = await TestEngine.StartAsync(store, builder =>
        {
            builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
            builder
                .AddActivity("echo", (string text) => Task.FromResult(text))
                .AddActivity("fail", (string text) => Task.FromException<string>(new InvalidOperationException(text)))
                .AddWorkflow("changed", (WorkflowContext ctx, int number) => Task.FromResult(number))
                .AddWorkflow("all", async (WorkflowContext ctx, string text) =>
                {
                    ctx.Publish(State, text);
                    var step = await ctx.StepAsync("step", () => Task.FromResult(text));
                    var activity = await ctx.ActivityAsync<string>("echo", step);
                    var letter = await ctx.WaitForAsync(Letter);
                    await ctx.ActivityAsync<string>("fail", letter, new ActivityOptions { Retry = RetryPolicy.None });
                    return activity;
                })
                .AddWorkflow("unknown", (WorkflowContext ctx, string text) => ctx.ActivityAsync<string>("nowhere", text));
        });

        var all = await engine.Client.StartAsync("all", Canary).Soon();
        await all.SignalAsync(Letter, Canary).Soon();
        var failure = await Assert.ThrowsAsync<RunFailedException>(() => all.WaitAsync().Soon());
        Assert.Contains(Canary, failure.Message, StringComparison.Ordinal);
        var unknown = await engine.Client.StartAsync("unknown", Canary).Soon();
        await Assert.ThrowsAsync<RunFailedException>(() => unknown.WaitAsync().Soon());
        await engine.Client.Handle<int>("changed").BecomesAsync(RunStatus.Blocked);
        await engine.StopAsync();

        Assert.Contains(log.Lines, line => line.Id == 1003);
        Assert.DoesNotContain(log.Lines, line => line.Text.Contains(Canary, StringComparison.Ordinal));
    }
}
