using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Children;

/// <summary>Children that end when their parent is over.</summary>
public class LateChildTests
{
    private const int Unheard = 1021;

    private static readonly Signal<string> Go = new("go");

    [Theory, EveryStore]
    public async Task H10_AChildThatEndsBehindItsParent_KeepsItsEndToItself_AndTheLogSaysSoOnce(StoreKind store)
    {
        var log = new LogCapture();
        await using var engine = await TestEngine.StartAsync(store, builder =>
        {
            builder.Services.AddLogging(logging => logging.AddProvider(log));
            builder
                .AddWorkflow("left", async (WorkflowContext ctx, Unit _) => await ctx.WaitForAsync(Go))
                .AddWorkflow("leaves", static async (WorkflowContext ctx, bool goesOn) =>
                {
                    if (goesOn) await ctx.ContinueAsNewAsync<Unit>(false);
                    ctx.StartChild<string>("left", default(Unit), new() { ParentClosePolicy = ParentClosePolicy.Abandon });
                    await ctx.StepAsync("once", static () => Task.FromResult(1));
                })
                .AddWorkflow("stays", static (WorkflowContext ctx, Unit _) => ctx.ChildAsync<string>("left", default(Unit)));
        });
        var run = await engine.Client.StartAsync("leaves", true).Soon();
        await engine.TrickleAsync(run.WaitAsync());
        var parent = (await engine.Client.GetChainAsync(run.Id))[^1].Id;
        var child = engine.Client.Handle((await engine.Client.ListAsync(new() { Parent = parent })).Runs[0].Id);
        var events = (await engine.Client.GetHistoryAsync(parent)).Count;
        await child.WaitsForAsync("signal");
        await child.SignalAsync(Go, "alone").Soon();

        Assert.Equal("alone", await engine.TrickleAsync(child.ResultAsync<string>()));
        await engine.PassAsync();
        Assert.Equal((RunStatus.Completed, events), (await engine.Client.Handle(parent).StatusAsync(), (await engine.Client.GetHistoryAsync(parent)).Count));
        var line = Assert.Single(log.Lines, static line => line.Id == Unheard);
        Assert.Equal((LogLevel.Information, $"Child {child.Id} has ended behind its parent {parent}; nobody is told."), (line.Level, line.Text.Trim()));

        // One whose parent waits for it is told of, and of one without a parent there is nothing to say.
        var waits = await engine.Client.StartAsync("stays", default(Unit)).Soon();
        var awaited = "";
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (awaited = (await engine.Client.ListAsync(new() { Parent = waits.Id })).Runs.SingleOrDefault()?.Id ?? "").Length > 0));
        await engine.Client.SignalAsync(awaited, Go, "heard").Soon();
        Assert.Equal("heard", await engine.TrickleAsync(waits.ResultAsync<string>()));
        await engine.PassAsync();
        Assert.Equal(1, log.Count(Unheard));
    }
}
