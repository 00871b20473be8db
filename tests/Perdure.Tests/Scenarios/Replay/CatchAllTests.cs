using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Replay;

/// <summary>A catch-all around durable calls sees their failures and the cancellation, and nothing else.</summary>
public class CatchAllTests
{
    private static void Register(IPerdureBuilder builder, Probe probe) => builder.AddWorkflow("careful", async (WorkflowContext ctx, Unit _) =>
    {
        try
        {
            await ctx.StepAsync("step", () => probe.NoteAsync("step", 1));
            await ctx.SleepAsync("1h");
            return "slept";
        }
        catch (Exception e)
        {
            probe.Note("caught " + e.GetType().Name);
            return "caught";
        }
        finally
        {
            probe.Note("finally");
        }
    });

    [Theory, EveryStore]
    public async Task B8_ASuspensionIsNotSwallowed_AndNoFinallyRunsForIt(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        string id;
        await using (var first = await TestEngine.StartAsync(store, builder => Register(builder, probe)))
        {
            var run = await first.Client.StartAsync("careful", default(Unit)).Soon();
            id = run.Id;
            await run.WaitsForAsync("timer");
            await first.AdvanceAsync(TimeSpan.FromMinutes(30));
            await first.StopAsync();
        }
        Assert.Equal(["step"], probe.Calls);
        await using var second = await TestEngine.StartAsync(store, builder => Register(builder, probe));
        store.Clock.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal("slept", await second.TrickleAsync(second.Client.Handle<string>(id).ResultAsync()));
        Assert.Equal(["step", "finally"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task B8_ACancellationIsStillDelivered(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => Register(builder, probe));
        var run = await engine.Client.StartAsync("careful", default(Unit)).Soon();
        await run.WaitsForAsync("timer");

        await run.CancelAsync("stop").Soon();

        Assert.Equal("caught", await engine.TrickleAsync(run.ResultAsync<string>()));
        Assert.Equal(["step", "caught WorkflowCancelledException", "finally"], probe.Calls);
        Assert.True((await run.GetAsync(RunInclude.Steps)).CancelIgnored);
    }
}
