using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Runtimes;

/// <summary>Runs that nobody drives but the caller.</summary>
public class ManualTests
{
    private static readonly Signal<int> Go = new("go");

    private static void Register(IPerdureBuilder builder, Probe probe) => builder
        .AddWorkflow("nap", async (WorkflowContext ctx, int number) =>
        {
            await ctx.StepAsync("before", () => probe.NoteAsync("before", number));
            await ctx.SleepAsync("1h");
            return await ctx.StepAsync("after", () => probe.NoteAsync("after", number));
        })
        .AddWorkflow("ask", async (WorkflowContext ctx, int number) => number + await ctx.WaitForAsync(Go));

    [Theory, EveryStore]
    public async Task A5_AResumeBeforeTheTimeChangesNothing_AndOneAtTheTimeCompletes(StoreKind kind)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(kind, builder => Register(builder, probe), static o => o.Runtime = PerdureRuntime.Manual);

        var run = await engine.TrickleAsync(engine.Client.StartAsync("nap", 7));
        var before = await ReadAsync(engine, run.Id);
        Assert.Equal((1, RunStatus.Suspended, 0L), (probe.Count("before"), before.Row.Status, before.Row.Owner));
        for (var minutes = 10; minutes <= 30; minutes += 20)
        {
            engine.Clock.Advance(TimeSpan.FromMinutes(minutes == 10 ? 10 : 20));
            Assert.False(await engine.TrickleAsync(run.ResumeAsync()));
            var after = await ReadAsync(engine, run.Id);
            Assert.Equal((before.Row.DueAt, before.Row.UpdatedAt, before.Row.Term, before.Events), (after.Row.DueAt, after.Row.UpdatedAt, after.Row.Term, after.Events));
        }
        engine.Clock.Advance(TimeSpan.FromMinutes(30));
        await engine.TrickleAsync(run.ResumeAsync());
        Assert.Equal(7, await run.ResultAsync<int>(TimeSpan.Zero).Soon());
        Assert.Equal((1, 1), (probe.Count("before"), probe.Count("after")));
    }

    [Theory, EveryStore]
    public async Task ASignalIsTakenByTheNextResume(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, builder => Register(builder, new Probe()), static o => o.Runtime = PerdureRuntime.Manual);
        var run = await engine.TrickleAsync(engine.Client.StartAsync("ask", 1));
        await run.SignalAsync(Go, 41);
        Assert.Equal(RunStatus.Suspended, await run.StatusAsync());
        await engine.TrickleAsync(run.ResumeAsync());
        Assert.Equal(42, await run.ResultAsync<int>(TimeSpan.Zero).Soon());
        await Assert.ThrowsAsync<RunClosedException>(() => run.ResumeAsync());
    }

    private static async Task<(RunRecord Row, int Events)> ReadAsync(TestEngine engine, string id)
    {
        var row = await engine.Store.ReadRunAsync(new RunSelector(Id: id), default);
        return (row!, (await engine.Store.ReadHistoryAsync(row!.Key, 0, default)).Sum(batch => batch.Count));
    }
}
