using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Replay;

/// <summary>A context that is used where it must not be: the caller is told, the run stands still, and what was recorded stays.</summary>
public class ForeignContextTests
{
    [Theory, EveryStore]
    public async Task ContextUsedInsideAStepsBody_IsACodedError_AndNothingIsLost(StoreKind store) => await MisuseAsync(store, ErrorCodes.DurableCallInStep, "'second'", static async (ctx, misuse) =>
        await ctx.StepAsync("second", async () =>
        {
            misuse(ctx);
            await Task.Yield();
            return 2;
        }));

    [Theory, EveryStore]
    public async Task ContextUsedOnAnotherThread_IsACodedError_AndNothingIsLost(StoreKind store) => await MisuseAsync(store, ErrorCodes.ForeignAwait, "outside its run", static async (ctx, misuse) =>
    {
        var thread = new Thread(() => misuse(ctx));
        thread.Start();
        thread.Join();
        return await ctx.StepAsync("second", static () => Task.FromResult(2));
    });

    /// <param name="store">The store.</param>
    /// <param name="code">What the code sees.</param>
    /// <param name="detail">What the blocked run says.</param>
    /// <param name="second">The second half of a workflow, which uses its context by the action that it is given; the action does so as long as the code is wrong.</param>
    private static async Task MisuseAsync(StoreKind store, string code, string detail, Func<WorkflowContext, Action<WorkflowContext>, Task<int>> second)
    {
        var probe = new Probe();
        var isWrong = true;
        Exception? seen = null;
        void Misuse(WorkflowContext ctx)
        {
            if (!Volatile.Read(ref isWrong)) return;
            Volatile.Write(ref seen, Record.Exception(() => { _ = ctx.StepAsync("inner", () => probe.NoteAsync("inner", 1)); }));
        }
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("work", async (WorkflowContext ctx, Unit _) =>
            await ctx.StepAsync("first", () => probe.NoteAsync("first", 1)) + await second(ctx, Misuse)));
        var run = await engine.Client.StartAsync("work", default(Unit)).Soon();

        await engine.TrickleAsync(run.BecomesAsync(RunStatus.Blocked));
        Assert.Equal(code, Assert.IsAssignableFrom<PerdureException>(Volatile.Read(ref seen)).Code);
        var info = await run.GetAsync(RunInclude.Steps);
        Assert.Equal("ForeignAwait", info.BlockedReason);
        Assert.Contains(detail, info.BlockedDetail, StringComparison.Ordinal);
        Assert.Equal(("first", RunStepStatus.Completed), (info.Steps![0].Name, info.Steps[0].Status));

        Volatile.Write(ref isWrong, false);
        Assert.True(await engine.Client.ResumeAsync(run.Id).Soon());
        Assert.Equal(3, await engine.TrickleAsync(run.ResultAsync<int>()));
        Assert.Equal(["first"], probe.Calls);
    }
}
