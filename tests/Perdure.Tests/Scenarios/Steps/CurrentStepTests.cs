using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Steps;

/// <summary>Where a run is, as its code sees it.</summary>
public class CurrentStepTests
{
    private static readonly Signal<int> Go = new("go");

    [Theory, EveryStore]
    public async Task CurrentStep_IsWhatTheCodeAskedForLast_AlsoInsideBodies_InHelpers_AndInTheNextLife(StoreKind kind)
    {
        using var store = new TestStore(kind);
        void Register(IPerdureBuilder builder) => builder
            .AddActivity("print", (int n) => Task.FromResult(n))
            .AddWorkflow("order", async (WorkflowContext ctx, Unit _) =>
            {
                var seen = new List<string?> { ctx.CurrentStep };
                seen.Add(await ctx.StepAsync("reserve", () => Task.FromResult(ctx.CurrentStep!)));
                await ctx.SleepAsync(TimeSpan.Zero);
                seen.Add(ctx.CurrentStep);
                await ctx.ActivityAsync<int>("print", 1);
                await ctx.WaitForAsync(Go);
                // In the second life nothing but the history knows of it.
                seen.Add(ctx.CurrentStep);
                await ctx.StepAsync("pay", () => Task.CompletedTask, new() { Id = "first" });
                seen.Add(await WhereAsync(ctx));
                return string.Join(' ', seen.Select(static step => step ?? "none"));
            });
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("order", default(Unit)).Soon();
            id = run.Id;
            await first.TrickleAsync(run.WaitsForAsync("signal"));
            await first.StopAsync();
        }
        await using var second = await TestEngine.StartAsync(store, Register);
        await second.Client.SignalAsync(id, Go, 1).Soon();

        Assert.Equal("none reserve reserve print pay[first]", await second.TrickleAsync(second.Client.Handle<string>(id).ResultAsync()));

        static Task<string?> WhereAsync(WorkflowContext ctx) => Task.FromResult(ctx.CurrentStep);
    }

    [Theory, EveryStore]
    public async Task CurrentStep_InAFurtherAttemptOfTheWorkflow_NamesWhatItTakesOver(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddActivity("print", (int n) => Task.FromResult(n))
            .AddWorkflow("order", async (WorkflowContext ctx, Unit _) =>
            {
                await ctx.StepAsync("reserve", () => Task.CompletedTask);
                var seen = ctx.CurrentStep;
                await ctx.ActivityAsync<int>("print", 1);
                seen += $" {ctx.CurrentStep}";
                if (ctx.Attempt == 1) throw new WorkflowFailureException("busy", "come back");
                return seen;
            }, new() { Retry = RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { MaxAttempts = 2 } }));

        Assert.Equal("reserve print", await engine.TrickleAsync(engine.Client.RunAsync(new WorkflowDefinition<Unit, string>("order"), default)));
    }
}
