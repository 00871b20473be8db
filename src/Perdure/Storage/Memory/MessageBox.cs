namespace Perdure.Storage.Memory;

/// <summary>The inbox of one run: stored messages by position, and the counter of all that ever arrived.</summary>
internal sealed class MessageBox
{
    /// <summary>The operation of a message that is not the result of a task.</summary>
    public const int NoOperation = -1;

    // Most runs never get a message.
    private SortedDictionary<long, Entry>? _byPosition;
    private HashSet<string>? _ids;

    public long Counter { get; private set; }

    public bool IsEmpty => _byPosition is null || _byPosition.Count == 0;

    public bool Holds(string messageId) => _ids is not null && _ids.Contains(messageId);

    /// <summary>Whether the result of a task of <paramref name="operation"/> is still stored.</summary>
    public bool HoldsResultOf(int operation)
    {
        if (_byPosition is null) return false;
        foreach (var entry in _byPosition.Values)
        {
            if (entry.Operation == operation) return true;
        }
        return false;
    }

    public void Add(OutgoingMessage message, int operation, Instant now)
    {
        Counter++;
        Put(new InboxMessage(Counter, message.Id, message.Kind, message.Name, message.Payload, now), operation);
    }

    /// <summary>Puts back what a box held.</summary>
    public void Restore(long counter, IEnumerable<(InboxMessage Message, int Operation)> entries)
    {
        Counter = counter;
        foreach (var (message, operation) in entries) Put(message, operation);
    }

    public void Remove(long position)
    {
        if (_byPosition is not null && _byPosition.Remove(position, out var entry)) _ids!.Remove(entry.Message.Id);
    }

    public void RemoveOrdersToStop()
    {
        foreach (var message in All())
        {
            if (message.Kind is MessageKind.Cancel or MessageKind.Terminate) Remove(message.Position);
        }
    }

    public IReadOnlyList<InboxMessage> All()
    {
        if (_byPosition is null || _byPosition.Count == 0) return [];
        var messages = new List<InboxMessage>(_byPosition.Count);
        foreach (var entry in _byPosition.Values) messages.Add(entry.Message);
        return messages;
    }

    /// <summary>Everything that is stored, with the operation whose task's result it is.</summary>
    public IEnumerable<(InboxMessage Message, int Operation)> Entries()
    {
        if (_byPosition is null) yield break;
        foreach (var entry in _byPosition.Values) yield return (entry.Message, entry.Operation);
    }

    private void Put(InboxMessage message, int operation)
    {
        (_ids ??= new HashSet<string>(StringComparer.Ordinal)).Add(message.Id);
        (_byPosition ??= []).Add(message.Position, new Entry(message, operation));
    }

    private readonly record struct Entry(InboxMessage Message, int Operation);
}
