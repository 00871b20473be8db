using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Retries;

/// <summary>When the next attempt of a failed step comes, by the instants that were recorded and kept.</summary>
public class BackoffTests
{
    [Theory, EveryStore]
    public async Task A12_ExponentialWaitsAreThePowersOfTheBaseUpToTheCap(StoreKind store)
    {
        var policy = RetryPolicy.Exponential(2, TimeSpan.FromSeconds(60));
        await using var five = await FailingStep.RunAsync(store, policy with { MaxAttempts = 5 }, failures: 5);
        Assert.Equal([2, 4, 8, 16], await five.WaitsAsync());
        Assert.Equal((5, RunStatus.Failed), (five.Attempts, await five.Run.StatusAsync()));

        await using var seven = await FailingStep.RunAsync(store, policy with { MaxAttempts = 7 }, failures: 7);
        Assert.Equal([2, 4, 8, 16, 32, 60], await seven.WaitsAsync());
    }

    [Theory, EveryStore]
    public async Task C1_TheDefaultPolicyDoublesUpToAMinute(StoreKind store)
    {
        await using var failing = await FailingStep.RunAsync(store, new RetryPolicy { MaxAttempts = 9, Jitter = 0 }, failures: 9);

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], await failing.WaitsAsync());
        Assert.Equal(9, failing.Attempts);
    }

    [Theory, EveryStore]
    public async Task C3_OneAttemptIsOneExecutionAndNoRetryIsScheduled(StoreKind store)
    {
        foreach (var policy in new[] { new RetryPolicy { MaxAttempts = 1 }, new RetryPolicy { MaxRetries = 0 } })
        {
            await using var failing = await FailingStep.RunAsync(store, policy, failures: 1);

            Assert.Equal((1, RunStatus.Failed), (failing.Attempts, await failing.Run.StatusAsync()));
            Assert.Equal(["workflow_started", "step_failed", "workflow_failed"], (await failing.Run.GetHistoryAsync()).Select(e => e.WireName));
        }
    }

    [Theory, EveryStore]
    public async Task C4_AFinalErrorIsNotRetried(StoreKind store)
    {
        var listed = RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { NonRetryable = ["card_declined"] };
        foreach (var (policy, failure) in new (RetryPolicy, Func<Exception>)[]
        {
            (listed, () => new WorkflowFailureException("card_declined")),
            (new RetryPolicy(), () => new NonRetryableException("never")),
        })
        {
            await using var failing = await FailingStep.RunAsync(store, policy, failures: 3, failure);

            Assert.Equal((1, RunStatus.Failed), (failing.Attempts, await failing.Run.StatusAsync()));
            Assert.False(Assert.Single(await failing.Run.GetHistoryAsync(kinds: [EventKind.StepFailed])).IsRetryable);
        }
    }

    [Theory, EveryStore]
    public async Task C5_AnExplicitRetryAfterIsNotCapped_AndOneInThePastIsAtOnce(StoreKind store)
    {
        var policy = new RetryPolicy { MaxAttempts = 2, MaxDelay = TimeSpan.FromSeconds(60), Jitter = 0 };
        await using var later = await FailingStep.RunAsync(store, policy, failures: 1, () => new RetryAfterException(TimeSpan.FromSeconds(300)));
        Assert.Equal([300], await later.WaitsAsync());
        Assert.Equal((2, RunStatus.Completed), (later.Attempts, await later.Run.StatusAsync()));

        await using var past = await FailingStep.StartAsync(store, policy, failures: 1, () => new RetryAfterException(DateTimeOffset.UnixEpoch));
        await past.EndAsync();
        Assert.Equal(2, past.Attempts);
        Assert.InRange(past.Instants[1] - past.Instants[0], TimeSpan.Zero, TimeSpan.FromSeconds(0.9));
    }

    [Theory, EveryStore]
    public async Task C12_TheLastDelayOfAListIsRepeated(StoreKind store)
    {
        var policy = RetryPolicy.List(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)) with { MaxAttempts = 5 };
        await using var failing = await FailingStep.RunAsync(store, policy, failures: 5);

        Assert.Equal([1, 5, 10, 10], await failing.WaitsAsync());
    }

    [Theory, EveryStore]
    public async Task C13_UnlimitedAttemptsAreVisible_StayAtTheCap_AndEndWithACancel(StoreKind store)
    {
        var policy = new RetryPolicy { MaxAttempts = RetryPolicy.UnlimitedAttempts, Jitter = 0, MaxDelay = TimeSpan.FromSeconds(4) };
        await using var failing = await FailingStep.StartAsync(store, policy, failures: int.MaxValue);
        for (var i = 0; i < 6; i++)
        {
            Assert.True(await failing.WaitForRetryAsync());
            await failing.AttemptAgainAsync();
        }
        Assert.True(await failing.WaitForRetryAsync());
        await Waiting.UntilAsync(async () => (await failing.Run.GetHistoryAsync(kinds: [EventKind.StepRetryScheduled])).Count == 7);

        await failing.Run.CancelAsync("enough").Soon();

        await Assert.ThrowsAsync<RunCancelledException>(() => failing.Run.WaitAsync().Soon());
        Assert.Equal([1, 2, 4, 4, 4, 4, 4], await failing.WaitsAsync());
        Assert.Equal(7, failing.Attempts);
        var failed = await failing.Run.GetHistoryAsync(kinds: [EventKind.StepFailed]);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], failed.Where(e => e.IsRetryable == true).Select(e => e.Attempt));
    }
}
