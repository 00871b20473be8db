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

    // A run that waits needs no queue: it takes its thread's for a turn, and gives it back empty.
    [ThreadStatic]
    private static Queue<(SendOrPostCallback Callback, object? State)>? _spare;

    private readonly CodeFlow _flow;
    private readonly IPumpOwner _owner;
    private Queue<(SendOrPostCallback Callback, object? State)>? _queue;

    /// <param name="flow">The execution context of workflow code.</param>
    /// <param name="owner">Told of what should not happen.</param>
    public Pump(CodeFlow flow, IPumpOwner owner) => (_flow, _owner) = (flow, owner);

    /// <summary>Whether the calling thread is inside a turn of this run.</summary>
    public bool IsCurrent => ReferenceEquals(_running, this);

    /// <summary>Runs <paramref name="action"/> as workflow code, then everything that it made runnable.</summary>
    public void Run<TState>(Action<TState> action, TState state) => Run(this, action, state);

    /// <summary>Runs <paramref name="action"/>, which completes tasks that workflow code awaits, then everything that it made runnable.</summary>
    public void Complete<TState>(Action<TState> action, TState state) => Run(null, action, state);

    /// <summary>Completes tasks later in this turn, behind what is queued already. Only inside a turn.</summary>
    public void Defer(Action action) => _queue!.Enqueue((static state =>
    {
        // As in Complete: nobody's context is current while an engine task completes.
        SetSynchronizationContext(null);
        ((Action)state!)();
    }, action));

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsCurrent) _queue!.Enqueue((d, state));
        else _owner.ForeignPosted();
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (IsCurrent) d(state);
        else _owner.ForeignPosted();
    }

    public override SynchronizationContext CreateCopy() => this;

    private void Run<TState>(SynchronizationContext? context, Action<TState> action, TState state)
    {
        var outerPump = _running;
        var outerContext = Current;
        var outerFlow = _flow.Enter();
        var isOutermost = _queue is null;
        if (isOutermost) (_queue, _spare) = (_spare ?? new(), null);
        _running = this;
        try
        {
            SetSynchronizationContext(context);
            action(state);
            Drain();
        }
        finally
        {
            _running = outerPump;
            CodeFlow.Leave(outerFlow);
            SetSynchronizationContext(outerContext);
            if (isOutermost) PutQueueBack();
        }
    }

    private void PutQueueBack()
    {
        // What a turn that failed has left behind is nobody's.
        _queue!.Clear();
        (_spare, _queue) = (_queue, null);
    }

    private void Drain()
    {
        while (_queue!.TryDequeue(out var item))
        {
            // A continuation that went on under ConfigureAwait(false) may have left another context behind.
            SetSynchronizationContext(this);
            try
            {
                item.Callback(item.State);
            }
            catch (Exception e)
            {
                _owner.Strayed(e);
            }
        }
    }
}
