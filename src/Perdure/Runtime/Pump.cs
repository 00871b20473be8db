using Perdure.Authoring;
using Perdure.Storage;

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

    /// <summary>Completes the task of <paramref name="operation"/> from its outcome, then runs everything that it made runnable.</summary>
    /// <remarks>As the other <c>Complete</c>, without a copy of the event: every step comes this way.</remarks>
    public void Complete(Operation operation, in EventRecord outcome, PayloadCodec codec)
    {
        var outer = Enter(null);
        try
        {
            operation.Complete(outcome, codec);
            Drain();
        }
        finally
        {
            Leave(outer);
        }
    }

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
        var outer = Enter(context);
        try
        {
            action(state);
            Drain();
        }
        finally
        {
            Leave(outer);
        }
    }

    private Outer Enter(SynchronizationContext? context)
    {
        var outer = new Outer(_running, Current, _flow.Enter(), HasQueue: _queue is not null);
        if (!outer.HasQueue) (_queue, _spare) = (_spare ?? new(), null);
        _running = this;
        SetSynchronizationContext(context);
        return outer;
    }

    private void Leave(in Outer outer)
    {
        _running = outer.Pump;
        CodeFlow.Leave(outer.Flow);
        SetSynchronizationContext(outer.Context);
        if (outer.HasQueue) return;
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

    /// <summary>What a thread did before it entered a turn.</summary>
    private readonly record struct Outer(Pump? Pump, SynchronizationContext? Context, ExecutionContext? Flow, bool HasQueue);
}
