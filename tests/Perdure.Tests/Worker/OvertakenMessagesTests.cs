using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Worker;

/// <summary>A child that heeds unread messages, as a schedule's starts do.</summary>
public sealed class OvertakenMessagesTests
{
    private static readonly WorkflowDefinition<int, int> Parent = new("parent");
    private static readonly WorkflowDefinition<int, int> Child = new("child");
    private static readonly WorkflowDefinition<int, int> Other = new("other");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory, EveryStore]
    public async Task ACancellationThatIsReadWhileTheChildWaitsToBeWritten_LetsItNotBeBorn(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var decided = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var engine = await TestEngine.StartMortalAsync(store, builder => builder
            .AddWorkflow(Parent, async (ctx, _) =>
            {
                await ctx.SleepAsync(TimeSpan.FromSeconds(1));
                var child = ctx.StartChild(Child, 1, new ChildOptions { Id = "the-child", Detached = true, HeedsUnread = true });
                decided.TrySetResult();
                return await child.ResultAsync();
            })
            .AddWorkflow(Child, (_, value) => Task.FromResult(value))
            .AddWorkflow(Other, (_, value) => Task.FromResult(value)));
        var parent = await engine.Client.StartAsync(Parent, 0).Soon();
        await engine.TrickleAsync(Waiting.UntilAsync(async () => await parent.StatusAsync() == RunStatus.Suspended));

        // Somebody else's group is on its way: what the parent decides has to wait, and what is read meanwhile comes before it is written.
        using var released = new ManualResetEventSlim();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Lifeline.Before = (call, arguments) =>
        {
            if (call != nameof(IPerdureStore.CommitGroupAsync) || !((RunGroup)arguments![0]!).Bundles.Any(static bundle => bundle.Birth?.Workflow == Other.Name)) return;
            held.TrySetResult();
            released.Wait(Limit);
        };
        var other = engine.Client.StartAsync(Other, 0);
        await held.Task.Soon();
        engine.Clock.Advance(TimeSpan.FromSeconds(1));
        await engine.TrickleAsync(decided.Task);
        var reads = engine.Lifeline.CountOf(nameof(IPerdureStore.ReadMessagesAsync));
        await parent.CancelAsync().Soon();
        await engine.TrickleAsync(Waiting.UntilAsync(() => Task.FromResult(engine.Lifeline.CountOf(nameof(IPerdureStore.ReadMessagesAsync)) > reads)));
        // What was read is with its run before this is answered.
        await parent.StatusAsync().Soon();
        released.Set();

        await other.Soon();
        await engine.TrickleAsync(Waiting.UntilAsync(async () => await parent.StatusAsync() == RunStatus.Cancelled));
        Assert.DoesNotContain((await engine.Client.ListAsync().Soon()).Runs, static run => run.Workflow == Child.Name);
    }
}
