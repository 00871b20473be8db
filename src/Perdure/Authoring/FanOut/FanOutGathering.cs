namespace Perdure.Authoring;

/// <summary>Outcomes of a fan-out as they come, and whether more of them could still change anything. Used by workflow code, one thread at a time.</summary>
internal sealed class FanOutGathering<T>
{
    private readonly FanOutItem<T>[] _items;
    private readonly bool _failsFast;
    private readonly int? _needed;
    private readonly TaskCompletionSource _decided = new();
    private int _succeeded;
    private int _failed;

    public FanOutGathering(int count, FanOutStrategy strategy)
    {
        (_failsFast, _needed) = (strategy.FailsFast, strategy.Needed(count));
        _items = new FanOutItem<T>[count];
        for (var i = 0; i < count; i++) _items[i] = new FanOutItem<T>(i, FanOutOutcome.Cancelled, default, null);
    }

    /// <summary>Completes when the outcome of the whole is certain before all items have ended.</summary>
    public Task Decided => _decided.Task;

    public bool IsDecided => _decided.Task.IsCompleted;

    /// <summary>What ended the whole, when a failure does.</summary>
    public Exception? FirstFailure { get; private set; }

    /// <summary>The run itself was cancelled: nothing is gathered any more.</summary>
    public WorkflowCancelledException? RunCancelled { get; private set; }

    public bool IsDoomed => _needed is { } needed && _items.Length - _failed < needed;

    public void Completed(int index, T value)
    {
        _items[index] = new FanOutItem<T>(index, FanOutOutcome.Completed, value, null);
        _succeeded++;
        if (_succeeded == _needed) _decided.TrySetResult();
    }

    public void Failed(int index, Exception error)
    {
        if (error is WorkflowCancelledException cancelled)
        {
            RunCancelled ??= cancelled;
            _decided.TrySetResult();
            return;
        }
        // What was cancelled because nobody needs it any more has not failed.
        if (IsDecided && error is OperationCanceledException or ChildWorkflowException { Outcome: ChildOutcome.Cancelled }) return;
        _items[index] = new FanOutItem<T>(index, FanOutOutcome.Failed, default, error);
        _failed++;
        FirstFailure ??= error;
        if (_failsFast || IsDoomed) _decided.TrySetResult();
    }

    /// <summary>What there is now. Later outcomes do not change it.</summary>
    public FanOutResult<T> ToResult() => new([.. _items], IsDoomed);
}
