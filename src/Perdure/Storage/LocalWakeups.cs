namespace Perdure.Storage;

/// <summary>Hints within one process. Thread safe.</summary>
public sealed class LocalWakeups : IWakeups
{
    private readonly Lock _gate = new();
    private Action[] _subscribers = [];

    /// <inheritdoc/>
    public IDisposable Subscribe(Action onWake)
    {
        ArgumentNullException.ThrowIfNull(onWake);
        lock (_gate) _subscribers = [.. _subscribers, onWake];
        return new Subscription(this, onWake);
    }

    /// <inheritdoc/>
    public void Wake()
    {
        foreach (var subscriber in Volatile.Read(ref _subscribers)) subscriber();
    }

    private sealed class Subscription(LocalWakeups owner, Action onWake) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._gate) owner._subscribers = Array.FindAll(owner._subscribers, subscriber => subscriber != onWake);
        }
    }
}
