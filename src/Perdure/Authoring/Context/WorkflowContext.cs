using Microsoft.Extensions.Logging;
using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// What a workflow asks of the engine: steps, activities, timers, signals, state. Every run gets its own context, and
/// everything asked for is recorded, so that the run goes on after a crash as if nothing had happened.
/// </summary>
/// <remarks>
/// A call starts its operation at once; <c>await</c> only waits for it. Use a context only from the workflow's own code: never
/// from inside a step or an activity, and never from another thread. Members are not thread-safe, and need not be: a run
/// executes on one thread at a time.
/// </remarks>
/// <example>
/// <code>
/// var held = await ctx.StepAsync("reserve", (IInventory stock, CancellationToken ct) => stock.ReserveAsync(order.Skus, ct));
/// await ctx.SleepAsync(TimeSpan.FromDays(1));
/// </code>
/// </example>
public abstract partial class WorkflowContext
{
    private protected WorkflowContext()
    {
    }

    /// <summary>The run's public id, the same for its whole life.</summary>
    public abstract string RunId { get; }

    /// <summary>The name under which the workflow is registered.</summary>
    public abstract string WorkflowName { get; }

    /// <summary>The workflow's attempt: 1 for the first, higher when its <see cref="WorkflowOptions.Retry"/> ran it again.</summary>
    public abstract int Attempt { get; }

    /// <summary>The input that the workflow was entered with, as its <c>RunAsync</c> got it; null for none.</summary>
    public object? Input { get; internal set; }

    /// <summary>The step or activity that the code asked for last; null before the first.</summary>
    public abstract string? CurrentStep { get; }

    /// <summary>
    /// Whether recorded history is being replayed right now. For diagnostics only: code that branches on it does not replay.
    /// </summary>
    public abstract bool IsReplaying { get; }

    /// <summary>A logger that is silent during replay, so that each line appears once.</summary>
    public abstract ILogger Logger { get; }

    private protected abstract Task<TResult> IssueStepAsync<TResult>(
        string name, StepBody<TResult> body, StepOptions? options, SourceLine source);

    private protected abstract Task<TOut> IssueActivityAsync<TOut>(ActivityCall call, ActivityOptions? options, SourceLine source);

    /// <summary>Exactly one of <paramref name="duration"/> and <paramref name="until"/> is given.</summary>
    private protected abstract Task IssueSleepAsync(TimeSpan? duration, DateTimeOffset? until, SourceLine source);

    private protected abstract Task<Received<T>> IssueWaitAsync<T>(Signal<T> signal, TimeSpan? timeout, SourceLine source);

    private protected abstract Task<SignalMatch> IssueWaitAnyAsync(IReadOnlyList<Signal> signals, TimeSpan? timeout, SourceLine source);

    /// <summary>One answer for each signal, in their order, when all have come or the limit has passed.</summary>
    private protected abstract Task<SignalMatch[]> IssueWaitAllAsync(IReadOnlyList<Signal> signals, TimeSpan? timeout, SourceLine source);

    private protected abstract bool IssuePeek<T>(Signal<T> signal, SourceLine source, out T? payload);

    private protected abstract void IssuePublish<T>(Published<T> state, T value, SourceLine source);

    private protected abstract Task<T> IssueSideEffectAsync<T>(string name, Func<T> effect, SourceLine source);

    /// <summary>A durable limit on waiting for a task: true when the task ended first, false when the limit did.</summary>
    private protected abstract Task<bool> IssueLimitAsync(Task awaited, TimeSpan limit, SourceLine source);

    /// <summary>Cancels the operation behind a task that this context returned: a queued activity, a timer, a wait.</summary>
    private protected abstract void CancelOperation(Task operation, SourceLine source);

    /// <summary>Until the result is disposed, cancellation is not raised in this asynchronous flow.</summary>
    private protected abstract IDisposable EnterShield();

    /// <summary>Told how far the code of a pipeline comes; null unless it is replayed to be looked at.</summary>
    internal virtual GraphProgress? Progress => null;

    /// <summary>Names the step of a pipeline to which everything belongs that is asked for until the result is disposed, in this flow of the code.</summary>
    internal abstract IDisposable EnterPlace(string name);

    /// <summary>Records where declared code goes on.</summary>
    internal abstract void RecordDecision(string name, ReadOnlyMemory<byte> decision, SourceLine source);

    /// <summary>The way in for declared steps, which bring their own bodies.</summary>
    internal Task<TResult> RunBodyAsync<TResult>(string name, StepBody<TResult> body, StepOptions? options, SourceLine source) => IssueStepAsync(name, body, options, source);

    /// <summary>The way in for handles, which live outside this class.</summary>
    internal Task<bool> LimitAsync(Task awaited, TimeSpan limit, SourceLine source) => IssueLimitAsync(awaited, limit, source);

    /// <summary>The way in for handles, which live outside this class.</summary>
    internal void Cancel(Task operation, SourceLine source) => CancelOperation(OperationTask.Of(operation), source);

    /// <summary>The way in for activity proxies, which live outside this class.</summary>
    internal Task<TOut> CallActivityAsync<TOut>(ActivityCall call, ActivityOptions? options, SourceLine source) =>
        IssueActivityAsync<TOut>(call, options, source);
}
