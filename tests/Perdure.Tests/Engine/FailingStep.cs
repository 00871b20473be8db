using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Tests.Engine;

/// <summary>A step that fails so often, with the instants of its attempts.</summary>
internal sealed class FailingStep(TestStore store, TestEngine engine, RunHandle run, List<DateTimeOffset> attempts) : IAsyncDisposable
{
    public RunHandle Run => run;

    public int Attempts => attempts.Count;

    public IReadOnlyList<DateTimeOffset> Instants => attempts;

    /// <summary>The waits between the attempts, in seconds, as they were recorded. No attempt came before its instant.</summary>
    public async Task<IEnumerable<double>> WaitsAsync()
    {
        var history = await run.GetHistoryAsync();
        var scheduled = history.Where(e => e.Kind == EventKind.StepRetryScheduled).ToList();
        for (var i = 0; i < scheduled.Count && i + 1 < attempts.Count; i++) Assert.True(attempts[i + 1] >= scheduled[i].Due);
        return scheduled.Select(e => (e.Due!.Value - history[e.Sequence - 1].Timestamp).TotalSeconds);
    }

    /// <summary>Runs the step to its end.</summary>
    public static async Task<FailingStep> RunAsync(StoreKind kind, RetryPolicy retry, int failures, Func<Exception>? failure = null)
    {
        var failing = await StartAsync(kind, retry, failures, failure);
        while (await failing.WaitForRetryAsync()) await failing.AttemptAgainAsync();
        return failing;
    }

    /// <summary>Starts the run.</summary>
    public static async Task<FailingStep> StartAsync(StoreKind kind, RetryPolicy retry, int failures, Func<Exception>? failure = null)
    {
        var store = new TestStore(kind);
        var attempts = new List<DateTimeOffset>();
        var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("fail", (WorkflowContext ctx, Unit _) => ctx.StepAsync("step", () =>
        {
            lock (attempts) attempts.Add(store.Clock.GetUtcNow());
            return attempts.Count <= failures ? throw failure?.Invoke() ?? new InvalidOperationException("boom") : Task.FromResult(1);
        }, new() { Retry = retry })));
        return new FailingStep(store, engine, await engine.Client.StartAsync("fail", default(Unit)).Soon(), attempts);
    }

    /// <summary>Waits for the end of the run while time trickles.</summary>
    public Task EndAsync() => engine.TrickleAsync(run.WaitAsync());

    /// <summary>Waits until the next attempt is planned. False: the run has ended.</summary>
    public async Task<bool> WaitForRetryAsync()
    {
        var info = await run.GetAsync();
        await Waiting.UntilAsync(async () => (info = await run.GetAsync()) is { Status: not (RunStatus.Pending or RunStatus.Running) });
        return info.Status == RunStatus.Suspended;
    }

    /// <summary>Lets time pass until the next attempt has been made.</summary>
    public async Task AttemptAgainAsync()
    {
        var tried = attempts.Count;
        // What is due at once is not found waiting any more.
        if ((await run.GetAsync()).WaitingFor is not [{ Due: { } due }]) return;
        var wait = due - store.Clock.GetUtcNow();
        if (wait > TimeSpan.Zero) store.Clock.Advance(wait);
        await engine.TrickleAsync(Waiting.UntilAsync(() => attempts.Count > tried));
    }

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        store.Dispose();
    }
}
