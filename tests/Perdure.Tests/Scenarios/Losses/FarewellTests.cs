using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Losses;

/// <summary>What a worker still writes before it says farewell.</summary>
public class FarewellTests
{
    private static readonly WorkflowDefinition<int, int> Parent = new("parent");
    private static readonly WorkflowDefinition<int, int> Child = new("child");

    [Theory, EveryStore]
    public async Task Stop_WhileARunWaitsForTheKeyOfItsChild_StillRecordsWhatItsStepReturned(StoreKind kind)
    {
        using var store = new TestStore(kind);
        using var answers = new ManualResetEventSlim();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hasReturned = false;
        var bodies = 0;
        void Register(IPerdureBuilder builder) => builder
            .AddWorkflow(Child, static (_, n) => Task.FromResult(n))
            .AddWorkflow(Parent, async (ctx, n) =>
            {
                var made = await ctx.StepAsync("make", () =>
                {
                    Volatile.Write(ref hasReturned, true);
                    return Task.FromResult(n + Interlocked.Increment(ref bodies));
                });
                return await ctx.ChildAsync(Child, made);
            });
        var first = await TestEngine.StartMortalAsync(store, Register);
        first.Lifeline.Before = (call, _) =>
        {
            if (call != nameof(IPerdureStore.ReserveKeysAsync) || !Volatile.Read(ref hasReturned)) return;
            asked.TrySetResult();
            answers.Wait();
        };
        var run = await first.Client.StartAsync(Parent, 40).Soon();
        await asked.Task.Soon();

        var begun = first.Clock.GetUtcNow();
        var stopping = first.StopAsync();
        // The worker looks every few milliseconds whether anything is left to do.
        await Waiting.UntilAsync(() => stopping.IsCompleted || first.Clock.GetUtcNow() - begun > TimeSpan.FromMilliseconds(50));
        answers.Set();
        await stopping.Soon();
        await first.DisposeAsync();

        await using var second = await TestEngine.StartAsync(store, Register);
        Assert.Equal(41, await second.Client.Handle<int>(run.Id).ResultAsync().Soon());
        Assert.Equal(1, bodies);
    }
}
