namespace Perdure.Runtime;

/// <summary>
/// The private synchronization context of one run: continuations of its workflow code queue up here and run one after the other, on whichever thread
/// takes the turn.
/// </summary>
/// <remarks>
/// The engine completes an operation while the current context is null (<see cref="Complete"/>). An ordinary <c>await</c> then posts here, and
/// a <c>ConfigureAwait(false)</c> in a helper continues in place, still inside the turn, instead of leaking to the thread pool. What is posted from
/// any other thread means that the code awaited something that is not durable.
/// </remarks>
internal sealed class Pump : SynchronizationContext
{
    [ThreadStatic]
    private static Pump? _running;

    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();
    private readonly Action _onForeignPost;

    public Pump(Action onForeignPost) => _onForeignPost = onForeignPost;

    /// <summary>Whether the calling thread is inside a turn of this run.</summary>
    public bool IsCurrent => ReferenceEquals(_running, this);

    /// <summary>Runs <paramref name="action"/> as workflow code, then everything that it made runnable.</summary>
    public void Run<TState>(Action<TState> action, TState state)
    {
        var outerPump = _running;
        var outerContext = Current;
        _running = this;
        try
        {
            SetSynchronizationContext(this);
            action(state);
            Drain();
        }
        finally
        {
            _running = outerPump;
            SetSynchronizationContext(outerContext);
        }
    }

    /// <summary>Runs <paramref name="action"/>, which completes tasks that workflow code awaits, then everything that it made runnable.</summary>
    public void Complete<TState>(Action<TState> action, TState state)
    {
        var outerPump = _running;
        var outerContext = Current;
        _running = this;
        try
        {
            SetSynchronizationContext(null);
            action(state);
            SetSynchronizationContext(this);
            Drain();
        }
        finally
        {
            _running = outerPump;
            SetSynchronizationContext(outerContext);
        }
    }

    /// <summary>Completes tasks later in this turn, behind what is queued already. Only inside a turn.</summary>
    public void Defer(Action action) => _queue.Enqueue((static state =>
    {
        // As in Complete: nobody's context is current while an engine task completes.
        SetSynchronizationContext(null);
        ((Action)state!)();
    }, action));

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsCurrent) _queue.Enqueue((d, state));
        else _onForeignPost();
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (IsCurrent) d(state);
        else _onForeignPost();
    }

    public override SynchronizationContext CreateCopy() => this;

    private void Drain()
    {
        while (_queue.TryDequeue(out var item))
        {
            // A continuation that went on under ConfigureAwait(false) may have left another context behind.
            SetSynchronizationContext(this);
            item.Callback(item.State);
        }
    }
}
