using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>Tells those in this process who wait for a run that it has ended here. Thread safe.</summary>
internal sealed class RunEndings
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Watcher>> _watchers = new(StringComparer.Ordinal);

    /// <summary>Watches a run until the result is disposed.</summary>
    public Watcher Watch(string runId)
    {
        var watcher = new Watcher(this, runId);
        lock (_gate)
        {
            if (!_watchers.TryGetValue(runId, out var watchers)) _watchers[runId] = watchers = [];
            watchers.Add(watcher);
        }
        return watcher;
    }

    public void Publish(string runId, RunClose close)
    {
        List<Watcher>? watchers;
        lock (_gate)
            if (!_watchers.Remove(runId, out watchers)) return;
        foreach (var watcher in watchers) watcher.Tell(close);
    }

    private void Remove(Watcher watcher)
    {
        lock (_gate)
            if (_watchers.TryGetValue(watcher.RunId, out var watchers) && watchers.Remove(watcher) && watchers.Count == 0) _watchers.Remove(watcher.RunId);
    }

    /// <summary>Somebody who waits for one run.</summary>
    internal sealed class Watcher(RunEndings endings, string runId) : IDisposable
    {
        private readonly TaskCompletionSource<RunClose> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string RunId { get; } = runId;

        public Task<RunClose> Ended => _ended.Task;

        public void Tell(RunClose close) => _ended.TrySetResult(close);

        public void Dispose() => endings.Remove(this);
    }
}
