namespace Perdure.Authoring;

/// <summary>Hands out tasks as they end. Used by workflow code: a task that ends does so inside the run's turn, and everything here happens in its place.</summary>
internal sealed class EndedTasks<T>
{
    private readonly Queue<Task<T>> _ended = new();
    private int _left;
    private TaskCompletionSource? _wake;

    public EndedTasks(Task<T>[] tasks)
    {
        _left = tasks.Length;
        foreach (var task in tasks)
        {
            if (task.IsCompleted) _ended.Enqueue(task);
            else
                _ = task.ContinueWith(
                    static (ended, state) => ((EndedTasks<T>)state!).Add((Task<T>)ended), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>Whether all were taken.</summary>
    public bool IsOver => _left == 0;

    /// <summary>Completes when <see cref="Take"/> has something to give.</summary>
    public Task NextAsync() => _ended.Count > 0 ? Task.CompletedTask : (_wake = new TaskCompletionSource()).Task;

    public Task<T> Take()
    {
        _left--;
        return _ended.Dequeue();
    }

    private void Add(Task<T> task)
    {
        _ended.Enqueue(task);
        var wake = _wake;
        _wake = null;
        wake?.SetResult();
    }
}
