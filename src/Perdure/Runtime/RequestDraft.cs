using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>What a run wants done to its requests with its next bundle.</summary>
internal sealed class RequestDraft
{
    private readonly SortedDictionary<int, NewRequest> _opened = [];
    private readonly SortedSet<int> _withdrawn = [];
    private readonly SortedSet<int> _expiring = [];

    public bool HasExpiring => _expiring.Count > 0;

    /// <summary>What was to become of an earlier request of the operation concerns the new one no more.</summary>
    public void Open(NewRequest request)
    {
        _opened[request.Operation] = request;
        _withdrawn.Remove(request.Operation);
        _expiring.Remove(request.Operation);
    }

    public void Withdraw(int operation) => _withdrawn.Add(operation);

    public void Expire(int operation) => _expiring.Add(operation);

    public RequestChanges ToChanges() => new() { Opened = [.. _opened.Values], Withdrawn = [.. _withdrawn], Expiring = [.. _expiring] };
}
