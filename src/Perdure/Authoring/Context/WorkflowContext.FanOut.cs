using System.Runtime.CompilerServices;
using Perdure.Authoring;

namespace Perdure;

/// <content>Fan-out over activities and children: plain workflow code over the same operations that a loop would ask for.</content>
public abstract partial class WorkflowContext
{
    /// <summary>Calls an activity for each item, and gathers the outcomes in the order of the items.</summary>
    /// <typeparam name="TIn">The items' type.</typeparam>
    /// <typeparam name="TOut">The results' type.</typeparam>
    /// <param name="items">The items, read once at the start; none is fine.</param>
    /// <param name="activity">The activity.</param>
    /// <param name="options">When it is over, and how many are under way at a time.</param>
    /// <param name="each">Options of each call: queue, priority, retry, clocks.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="FanOutFailedException{T}">An item failed, and the strategy is <see cref="FanOutStrategy.FailFast"/>.</exception>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Task<FanOutResult<TOut>> FanOutAsync<TIn, TOut>(
        IEnumerable<TIn> items, ActivityDefinition<TIn, TOut> activity, FanOutOptions? options = null, ActivityOptions? each = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        FanOutAsync(items, item => ActivityAsync(activity, item, each, file, line), options, new SourceLine(file, line));

    /// <summary>Runs a child workflow for each item, and gathers the outcomes in the order of the items.</summary>
    /// <typeparam name="TIn">The items' type.</typeparam>
    /// <typeparam name="TOut">The results' type.</typeparam>
    /// <param name="items">The items, read once at the start; none is fine.</param>
    /// <param name="workflow">The workflow.</param>
    /// <param name="options">When it is over, and how many are under way at a time.</param>
    /// <param name="each">Options of each child: queue, priority, retry, run timeout. It can have no id or key, which only one child could have.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="FanOutFailedException{T}">An item failed, and the strategy is <see cref="FanOutStrategy.FailFast"/>.</exception>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Task<FanOutResult<TOut>> FanOutAsync<TIn, TOut>(
        IEnumerable<TIn> items, WorkflowDefinition<TIn, TOut> workflow, FanOutOptions? options = null, ChildOptions? each = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (each is { Id: not null } or { Key: not null } or { WaitLimit: not null })
            throw new InvalidOptionException(nameof(each), "Children of a fan-out have no Id, Key or WaitLimit of their own: give RunTimeout to limit them.");
        return FanOutAsync(items, item => ChildAsync(workflow, item, each, file, line), options, new SourceLine(file, line));
    }

    /// <summary>The tasks in the order in which they end.</summary>
    /// <typeparam name="T">The results' type.</typeparam>
    /// <param name="tasks">The tasks; none is fine.</param>
    public async IAsyncEnumerable<Task<T>> WhenEachAsync<T>(IEnumerable<Task<T>> tasks)
    {
        var ended = new EndedTasks<T>([.. tasks]);
        while (!ended.IsOver)
        {
            await ended.NextAsync();
            yield return ended.Take();
        }
    }

    private async Task<FanOutResult<TOut>> FanOutAsync<TIn, TOut>(IEnumerable<TIn> items, Func<TIn, Task<TOut>> start, FanOutOptions? options, SourceLine source)
    {
        ArgumentNullException.ThrowIfNull(items);
        options ??= new FanOutOptions();
        options.Validate();
        TIn[] list = [.. items];
        var gathering = new FanOutGathering<TOut>(list.Length, options.Strategy);
        var running = new Dictionary<int, Task<TOut>>();
        var next = 0;
        var branches = new Task[Math.Min(options.MaxConcurrent, list.Length)];
        for (var i = 0; i < branches.Length; i++) branches[i] = BranchAsync();
        try
        {
            var all = Task.WhenAll(branches);
            await Task.WhenAny(all, gathering.Decided);
            if (gathering.IsDecided && gathering.RunCancelled is null)
            {
                foreach (var (_, task) in running.ToArray())
                    if (!task.IsCompleted) Cancel(task, source);
                if (options.AwaitCancelled) await all;
            }
            if (gathering.RunCancelled is { } cancelled) throw cancelled;
            return options.Strategy.FailsFast && gathering.FirstFailure is { } failure ? throw new FanOutFailedException<TOut>(gathering.ToResult(), failure) : gathering.ToResult();
        }
        finally
        {
            HelperEnd.LeaveContext();
        }

        async Task BranchAsync()
        {
            while (!gathering.IsDecided && next < list.Length)
            {
                var index = next++;
                try
                {
                    gathering.Completed(index, await (running[index] = start(list[index])));
                }
                catch (Exception error) when (error is PerdureException or OperationCanceledException)
                {
                    gathering.Failed(index, error);
                }
                running.Remove(index);
            }
        }
    }
}
