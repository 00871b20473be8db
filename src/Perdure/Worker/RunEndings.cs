using System.Collections.Concurrent;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>Tells those in this process who wait for a run that it has ended. A hint: the truth is in the store. Thread safe.</summary>
internal sealed class RunEndings
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<RunClose>> _waiters = new(StringComparer.Ordinal);

    /// <summary>Completes when a run in this process ends. Ask before the store is read, so that no end is missed.</summary>
    public Task<RunClose> WaitAsync(string runId) =>
        _waiters.GetOrAdd(runId, static _ => new TaskCompletionSource<RunClose>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Nobody waits for the run any more.</summary>
    public void Drop(string runId) => _waiters.TryRemove(runId, out _);

    public void Publish(string runId, RunClose close)
    {
        if (_waiters.TryRemove(runId, out var waiter)) waiter.TrySetResult(close);
    }
}
