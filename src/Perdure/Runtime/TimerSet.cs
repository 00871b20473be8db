using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>The pending timers of a run. Operations that ended stay inside until their turn comes and are passed over then.</summary>
internal sealed class TimerSet
{
    private PriorityQueue<Operation, (long Due, int Number)>? _queue;

    /// <summary>The earliest due instant, or never.</summary>
    public Instant Next
    {
        get
        {
            while (_queue is { Count: > 0 })
            {
                var operation = _queue.Peek();
                if (_queue.TryPeek(out _, out var key) && IsPending(operation, key.Due)) return operation.Due;
                _queue.Dequeue();
            }
            return Instant.Never;
        }
    }

    /// <summary>Sets the timer of <paramref name="operation"/> to its due instant.</summary>
    public void Set(Operation operation)
    {
        if (operation.Due.IsNever) return;
        _queue ??= new PriorityQueue<Operation, (long, int)>(1);
        _queue.Enqueue(operation, (operation.Due.Micros, operation.Number));
    }

    /// <summary>Takes the earliest timer that is due: equal instants in the order of operation numbers.</summary>
    public Operation? TakeDue(Instant now)
    {
        if (Next > now) return null;
        return _queue!.Dequeue();
    }

    private static bool IsPending(Operation operation, long due) => !operation.IsDone && operation.Due.Micros == due;
}
