namespace Perdure.Authoring;

/// <summary>Tasks that show another value of an operation's task, and the way back from them to the operation.</summary>
internal static class OperationTask
{
    /// <summary>The task that the runtime issued, for a task that a context returned.</summary>
    public static Task Of(Task task) => task.AsyncState as Task ?? task;

    /// <summary>
    /// A task that ends together with <paramref name="operation"/> and shows <paramref name="select"/> of its result. The operation is
    /// kept as the task's state, which an <c>async</c> method could not do; and it completes inline, wherever the runtime
    /// completes the operation, so that awaiting it behaves in every respect like awaiting the operation itself.
    /// </summary>
    public static Task<TOut> Select<TIn, TOut, TState>(Task<TIn> operation, TState state, Func<TIn, TState, TOut> select)
    {
        if (operation.IsCompletedSuccessfully) return Task.FromResult(select(operation.Result, state));
        var selected = new Selected<TIn, TOut, TState>(operation, state, select);
        _ = operation.ContinueWith(
            static (_, selected) => ((Selected<TIn, TOut, TState>)selected!).Complete(),
            selected, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return selected.Task;
    }

    private sealed class Selected<TIn, TOut, TState>(Task<TIn> operation, TState state, Func<TIn, TState, TOut> select)
        : TaskCompletionSource<TOut>(operation)
    {
        public void Complete()
        {
            try
            {
                SetResult(select(operation.GetAwaiter().GetResult(), state));
            }
            catch (Exception failure)
            {
                // Also for a cancelled operation: SetCanceled would replace the exception that the runtime chose.
                SetException(failure);
            }
        }
    }
}
