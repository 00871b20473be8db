using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Perdure.Authoring;

namespace Perdure;

/// <content>Plain workflow code over tasks: nothing here is recorded, because completions arrive in recorded order anyway.</content>
[SuppressMessage("Performance", "CA1822", Justification = "Everything that a workflow asks for is asked of its context.")]
public abstract partial class WorkflowContext
{
    /// <summary>Waits for both tasks and returns both results.</summary>
    /// <typeparam name="T1">The first result's type.</typeparam>
    /// <typeparam name="T2">The second result's type.</typeparam>
    /// <param name="first">The first task.</param>
    /// <param name="second">The second task.</param>
    public async Task<(T1, T2)> WhenAllAsync<T1, T2>(Task<T1> first, Task<T2> second)
    {
        try
        {
            await Task.WhenAll(first, second);
            return (first.Result, second.Result);
        }
        finally
        {
            HelperEnd.LeaveContext();
        }
    }

    /// <summary>Waits for three tasks and returns their results.</summary>
    /// <typeparam name="T1">The first result's type.</typeparam>
    /// <typeparam name="T2">The second result's type.</typeparam>
    /// <typeparam name="T3">The third result's type.</typeparam>
    /// <param name="first">The first task.</param>
    /// <param name="second">The second task.</param>
    /// <param name="third">The third task.</param>
    public async Task<(T1, T2, T3)> WhenAllAsync<T1, T2, T3>(Task<T1> first, Task<T2> second, Task<T3> third)
    {
        try
        {
            await Task.WhenAll(first, second, third);
            return (first.Result, second.Result, third.Result);
        }
        finally
        {
            HelperEnd.LeaveContext();
        }
    }

    /// <summary>Waits for four tasks and returns their results.</summary>
    /// <typeparam name="T1">The first result's type.</typeparam>
    /// <typeparam name="T2">The second result's type.</typeparam>
    /// <typeparam name="T3">The third result's type.</typeparam>
    /// <typeparam name="T4">The fourth result's type.</typeparam>
    /// <param name="first">The first task.</param>
    /// <param name="second">The second task.</param>
    /// <param name="third">The third task.</param>
    /// <param name="fourth">The fourth task.</param>
    public async Task<(T1, T2, T3, T4)> WhenAllAsync<T1, T2, T3, T4>(
        Task<T1> first, Task<T2> second, Task<T3> third, Task<T4> fourth)
    {
        try
        {
            await Task.WhenAll(first, second, third, fourth);
            return (first.Result, second.Result, third.Result, fourth.Result);
        }
        finally
        {
            HelperEnd.LeaveContext();
        }
    }

    /// <summary>Waits for all tasks and returns their results in the order of the list.</summary>
    /// <typeparam name="T">The results' type.</typeparam>
    /// <param name="tasks">The tasks; none is fine.</param>
    public Task<T[]> WhenAllAsync<T>(IEnumerable<Task<T>> tasks) => Task.WhenAll(tasks);

    /// <summary>Waits for the first task to end.</summary>
    /// <typeparam name="T">The results' type.</typeparam>
    /// <param name="tasks">The tasks, at least one.</param>
    /// <param name="cancelLosers">
    /// Cancels the operations that have not ended (default: they go on). A task of an <c>async</c> helper is no operation, and goes on.
    /// </param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <returns>The winner's index in the list and its result; a winner that failed throws its exception.</returns>
    /// <exception cref="InvalidOptionException">The list is empty.</exception>
    public async Task<(int Index, T Value)> WhenAnyAsync<T>(
        IEnumerable<Task<T>> tasks, bool cancelLosers = false, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        try
        {
            Task<T>[] list = [.. tasks];
            int index = await FirstOfAsync(list, cancelLosers, new SourceLine(file, line));
            return (index, await list[index]);
        }
        finally
        {
            HelperEnd.LeaveContext();
        }
    }

    /// <summary>Waits for the first task to end.</summary>
    /// <param name="tasks">The tasks, at least one.</param>
    /// <param name="cancelLosers">
    /// Cancels the operations that have not ended (default: they go on). A task of an <c>async</c> helper is no operation, and goes on.
    /// </param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <returns>The winner's index in the list; a winner that failed throws its exception.</returns>
    /// <exception cref="InvalidOptionException">The list is empty.</exception>
    public async Task<int> WhenAnyAsync(
        IEnumerable<Task> tasks, bool cancelLosers = false, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        try
        {
            Task[] list = [.. tasks];
            int index = await FirstOfAsync(list, cancelLosers, new SourceLine(file, line));
            await list[index];
            return index;
        }
        finally
        {
            HelperEnd.LeaveContext();
        }
    }

    /// <summary>
    /// Runs workflow code for each item, a bounded number at a time. Items begin in order; the results are in the order of the items.
    /// </summary>
    /// <remarks>
    /// When a body fails, no further item begins; the first failure is thrown when the bodies that are running have ended.
    /// </remarks>
    /// <typeparam name="TItem">The items' type.</typeparam>
    /// <typeparam name="TOut">The results' type.</typeparam>
    /// <param name="items">The items, read once at the start.</param>
    /// <param name="body">Workflow code: it may run steps, sleep, wait.</param>
    /// <param name="maxParallel">How many bodies run at a time (default 10).</param>
    /// <exception cref="InvalidOptionException"><paramref name="maxParallel"/> is less than 1.</exception>
    public async Task<IReadOnlyList<TOut>> ForEachAsync<TItem, TOut>(
        IEnumerable<TItem> items, Func<TItem, Task<TOut>> body, int maxParallel = PerdureDefaults.ForEachParallelism)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(body);
        if (maxParallel < 1)
            throw new InvalidOptionException(nameof(maxParallel), $"At least 1 body must run at a time, not {maxParallel}.");

        TItem[] list = [.. items];
        var results = new TOut[list.Length];
        ExceptionDispatchInfo? failure = null;
        int next = 0;

        var branches = new Task[Math.Min(maxParallel, list.Length)];
        for (int i = 0; i < branches.Length; i++) branches[i] = BranchAsync();
        try
        {
            await Task.WhenAll(branches);
            failure?.Throw();
            return results;
        }
        finally
        {
            HelperEnd.LeaveContext();
        }

        async Task BranchAsync()
        {
            while (failure is null && next < list.Length)
            {
                int index = next++;
                try
                {
                    results[index] = await body(list[index]);
                }
                catch (Exception error)
                {
                    failure ??= ExceptionDispatchInfo.Capture(error);
                }
            }
        }
    }

    private async Task<int> FirstOfAsync(Task[] tasks, bool cancelLosers, SourceLine source)
    {
        if (tasks.Length == 0)
            throw new InvalidOptionException("tasks", "WhenAnyAsync needs at least one task; with none it would wait for ever.");
        int index = Array.IndexOf(tasks, await Task.WhenAny(tasks));
        if (!cancelLosers) return index;
        foreach (Task task in tasks)
        {
            if (!task.IsCompleted) Cancel(task, source);
        }
        return index;
    }
}
