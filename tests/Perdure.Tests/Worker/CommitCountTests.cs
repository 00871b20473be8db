using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Worker;

/// <summary>How many transactions a run costs. Each is a flush of the disk.</summary>
public class CommitCountTests
{
    private static readonly WorkflowDefinition<int, int> Work = new("work");

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task RunThatIsBornInTheWorker_CostsOneCommitMoreThanItHasSteps(int steps)
    {
        var commits = 0;
        using var store = Watched(() => Interlocked.Increment(ref commits));
        await using var engine = await TestEngine.StartAsync(store, builder => Register(builder, steps));
        await engine.PassAsync();
        var before = Volatile.Read(ref commits);
        await engine.Client.RunAsync(Work, 1).Soon();
        Assert.Equal(steps + 1, Volatile.Read(ref commits) - before);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task RunThatIsClaimed_CostsOneCommitForEachStepBesidesItsStartAndItsClaim(int steps)
    {
        var commits = 0;
        using var store = Watched(() => Interlocked.Increment(ref commits));
        string id;
        await using (var client = TestEngine.ClientOnly(store)) id = (await client.Client.StartAsync(Work, 1).Soon()).Id;
        await using var engine = await TestEngine.StartAsync(store, builder => Register(builder, steps));
        await engine.Client.Handle<int>(id).ResultAsync().Soon();
        Assert.Equal(steps, Volatile.Read(ref commits));
    }

    private static TestStore Watched(Action onCommit) => new(StoreKind.Memory)
    {
        Wrap = inner => StoreSpy.On(inner, call =>
        {
            if (call == nameof(IPerdureStore.CommitGroupAsync)) onCommit();
        }),
    };

    private static void Register(IPerdureBuilder builder, int steps) => builder.AddWorkflow(Work, async (ctx, number) =>
    {
        for (var i = 0; i < steps; i++) number = await ctx.StepAsync("add", () => Task.FromResult(number + 1));
        return number;
    });
}
