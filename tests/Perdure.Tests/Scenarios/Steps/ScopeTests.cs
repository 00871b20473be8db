using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Steps;

/// <summary>Each attempt has a scope of services of its own.</summary>
public class ScopeTests
{
    private static readonly RetryPolicy Soon = RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { MaxAttempts = 2 };

    [Fact]
    public async Task Step_EachAttempt_HasAFreshScopeThatEndsWithIt() =>
        await TryTwiceAsync(static (ctx, seen) => ctx.StepAsync("work", (Scoped scoped, Scoped same, StepInfo info) => seen.UseAsync(scoped, same, info), new() { Retry = Soon }));

    [Fact]
    public async Task Activity_EachAttempt_HasAFreshScopeThatEndsWithIt() =>
        await TryTwiceAsync(static (ctx, _) => ctx.ActivityAsync<int>("work", default(Unit), new() { Retry = Soon }));

    [Fact]
    public async Task LocalActivity_EachAttempt_HasAFreshScopeThatEndsWithIt() =>
        await TryTwiceAsync(static (ctx, _) => ctx.ActivityAsync<int>("work", default(Unit), new() { Retry = Soon, RunLocally = true }));

    private static async Task TryTwiceAsync(Func<WorkflowContext, Seen, Task<int>> work)
    {
        var seen = new Seen();
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder =>
        {
            builder.Services.AddScoped<Scoped>();
            builder.AddActivity("work", (Unit _, Scoped scoped, Scoped same, StepInfo info) => seen.UseAsync(scoped, same, info));
            builder.AddWorkflow("twice", (WorkflowContext ctx, Unit _) => work(ctx, seen));
        });
        var run = await engine.Client.StartAsync("twice", default(Unit)).Soon();

        Assert.Equal(2, await engine.TrickleAsync(run.ResultAsync<int>()));
        Assert.Equal(2, seen.Attempts.Count);
        Assert.NotSame(seen.Attempts[0], seen.Attempts[1]);
        // The scope of the first was gone before the second began; that of the last goes with it.
        Assert.True(seen.FirstWasGone);
        await Waiting.UntilAsync(() => seen.Attempts[1].IsDisposed);
    }

    /// <summary>A service that knows when its scope has ended.</summary>
    private sealed class Scoped : IDisposable
    {
        private volatile bool _isDisposed;

        public bool IsDisposed => _isDisposed;

        public void Dispose() => _isDisposed = true;
    }

    private sealed class Seen
    {
        public List<Scoped> Attempts { get; } = [];

        public bool FirstWasGone { get; private set; }

        /// <summary>The body: the first attempt fails.</summary>
        public Task<int> UseAsync(Scoped scoped, Scoped same, StepInfo info)
        {
            Assert.Same(scoped, same);
            Assert.False(scoped.IsDisposed);
            lock (Attempts)
            {
                FirstWasGone = Attempts is [{ IsDisposed: true }];
                Attempts.Add(scoped);
            }
            return info.Attempt == 1 ? throw new InvalidOperationException("again") : Task.FromResult(info.Attempt);
        }
    }
}
