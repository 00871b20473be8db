using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>The pending timers of a run. Operations that ended stay inside until their turn comes and are passed over then.</summary>
internal sealed class TimerSet
{
    // Most runs have one timer at a time, which needs no queue.
    private Operation? _only;
    private Instant _onlyDue;
    private PriorityQueue<Operation, (long Due, int Number)>? _queue;

    /// <summary>The earliest due instant, or never.</summary>
    public Instant Next
    {
        get
        {
            if (_only is not null && IsPending(_only, _onlyDue.Micros)) return _onlyDue;
            _only = null;
            while (_queue is not null && _queue.TryPeek(out var operation, out var key))
            {
                if (IsPending(operation, key.Due)) return operation.Due;
                _queue.Dequeue();
            }
            return Instant.Never;
        }
    }

    /// <summary>Sets the timer of <paramref name="operation"/> to its due instant.</summary>
    public void Set(Operation operation)
    {
        if (operation.Due.IsNever) return;
        if (Next.IsNever)
        {
            (_only, _onlyDue) = (operation, operation.Due);
            return;
        }
        _queue ??= new PriorityQueue<Operation, (long, int)>();
        if (_only is not null) _queue.Enqueue(_only, (_onlyDue.Micros, _only.Number));
        _only = null;
        _queue.Enqueue(operation, (operation.Due.Micros, operation.Number));
    }

    /// <summary>Takes the earliest timer that is due: equal instants in the order of operation numbers.</summary>
    public Operation? TakeDue(Instant now)
    {
        if (Next > now) return null;
        var due = _only ?? _queue!.Dequeue();
        _only = null;
        return due;
    }

    private static bool IsPending(Operation operation, long due) => !operation.IsDone && operation.Due.Micros == due;
}
