namespace Perdure.Runtime;

/// <summary>The operations of a run that have no outcome yet, in the order of their numbers.</summary>
internal sealed class OpenOperations
{
    private readonly List<Operation> _operations = [];

    public int Count => _operations.Count;

    public Operation this[int index] => _operations[index];

    /// <summary>Adds an operation, which must have the highest number so far.</summary>
    public void Add(Operation operation) => _operations.Add(operation);

    public Operation? Find(int number)
    {
        var index = IndexOf(number);
        return index < 0 ? null : _operations[index];
    }

    public Operation? FindByTask(Task task)
    {
        foreach (var operation in _operations)
            if (ReferenceEquals(operation.Task, task)) return operation;
        return null;
    }

    public void Remove(Operation operation)
    {
        var index = IndexOf(operation.Number);
        if (index >= 0) _operations.RemoveAt(index);
    }

    private int IndexOf(int number)
    {
        var low = 0;
        var high = _operations.Count - 1;
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
