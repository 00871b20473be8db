namespace Perdure.Runtime;

/// <summary>The operations of a run that have no outcome yet, in the order of their numbers.</summary>
internal sealed class OpenOperations
{
    private Operation[] _operations = [];

    public int Count { get; private set; }

    public Operation this[int index] => _operations[index];

    private ReadOnlySpan<Operation> All => _operations.AsSpan(0, Count);

    /// <summary>Adds an operation, which must have the highest number so far.</summary>
    public void Add(Operation operation)
    {
        // As a rule there is one, and a run may wait for it for long.
        if (Count == _operations.Length) Array.Resize(ref _operations, Math.Max(1, Count * 2));
        _operations[Count++] = operation;
    }

    public Operation? Find(int number)
    {
        var index = IndexOf(number);
        return index < 0 ? null : _operations[index];
    }

    public Operation? FindByTask(Task task)
    {
        foreach (var operation in All)
            if (operation.IsBehind(task)) return operation;
        return null;
    }

    /// <summary>The wait that has been waiting longest for a signal of that name.</summary>
    public WaitOperation? OldestWaiter(string signal)
    {
        foreach (var operation in All)
            if (operation is WaitOperation wait && wait.Wants(signal)) return wait;
        return null;
    }

    /// <summary>Whether a body runs or is about to.</summary>
    public bool HasActiveBody
    {
        get
        {
            foreach (var operation in All)
                if (operation is BodyOperation { IsLocal: true, Stage: BodyStage.Running or BodyStage.Ready }) return true;
            return false;
        }
    }

    /// <summary>Whether steps or local activities have no outcome yet.</summary>
    public bool HasLocalBody
    {
        get
        {
            foreach (var operation in All)
                if (operation is BodyOperation { IsLocal: true }) return true;
            return false;
        }
    }

    /// <summary>Whether nothing but the clock is waited for.</summary>
    public bool IsOnlySleeping
    {
        get
        {
            foreach (var operation in All)
                if (operation is not (SleepOperation or BodyOperation { Stage: BodyStage.RetryWait })) return false;
            return true;
        }
    }

    public void Remove(Operation operation)
    {
        var index = IndexOf(operation.Number);
        if (index < 0) return;
        Array.Copy(_operations, index + 1, _operations, index, --Count - index);
        _operations[Count] = null!;
    }

    public override string ToString() => Count == 0 ? "none" : string.Join(", ", _operations.Take(Count));

    private int IndexOf(int number)
    {
        var low = 0;
        var high = Count - 1;
        while (low <= high)
        {
            var middle = low + high >>> 1;
            var found = _operations[middle].Number;
            if (found == number) return middle;
            if (found < number) low = middle + 1;
            else high = middle - 1;
        }
        return -1;
    }
}
