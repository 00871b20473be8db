namespace Perdure.Worker;

/// <summary>Tells those in this process who watch a run that something of it has become durable here. Thread safe.</summary>
internal sealed class RunNews
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Action[]> _watchers = new(StringComparer.Ordinal);
    private volatile int _count;

    /// <summary>Calls <paramref name="onNews"/> whenever something of the run was committed here, until the result is disposed. It must return at once.</summary>
    public IDisposable Subscribe(string runId, Action onNews)
    {
        lock (_gate)
        {
            _watchers[runId] = _watchers.TryGetValue(runId, out var known) ? [.. known, onNews] : [onNews];
            _count++;
        }
        return new Subscription(this, runId, onNews);
    }

    /// <summary>Every commit of every run comes here: without watchers it costs one look.</summary>
    public void Tell(string runId)
    {
        if (_count == 0) return;
        Action[]? watchers;
        lock (_gate) watchers = _watchers.GetValueOrDefault(runId);
        if (watchers is null) return;
        foreach (var watcher in watchers) watcher();
    }

    private void Remove(string runId, Action onNews)
    {
        lock (_gate)
        {
            if (!_watchers.TryGetValue(runId, out var known)) return;
            var left = Array.FindAll(known, watcher => watcher != onNews);
            if (left.Length == known.Length) return;
            _count--;
            if (left.Length == 0) _watchers.Remove(runId);
            else _watchers[runId] = left;
        }
    }

    private sealed class Subscription(RunNews news, string runId, Action onNews) : IDisposable
    {
        public void Dispose() => news.Remove(runId, onNews);
    }
}
