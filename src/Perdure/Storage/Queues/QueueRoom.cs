namespace Perdure.Storage;

/// <summary>
/// What one claim may still take from one queue: counts what it takes. Made within the transaction of the claim, so the slots that it counts from cannot change meanwhile.
/// </summary>
internal sealed class QueueRoom(QueueRule rule, int used, Func<string, int> usedOf)
{
    /// <summary>How long a claim that was held back by a limit may be content: slots that a lost worker leaves are announced by nobody.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private Dictionary<string, int>? _keys;
    private int _used = used;

    /// <summary>Whether there is no room for anything.</summary>
    public bool IsFull => rule.Paused || rule.MaxConcurrency > 0 && _used >= rule.MaxConcurrency;

    /// <summary>Takes a slot; false if the queue, or the key, is full.</summary>
    public bool TryTake(string? key)
    {
        if (IsFull) return false;
        if (rule.MaxPerKey > 0 && key is not null)
        {
            _keys ??= new(StringComparer.Ordinal);
            if (!_keys.TryGetValue(key, out var ofKey)) _keys[key] = ofKey = usedOf(key);
            if (ofKey >= rule.MaxPerKey) return false;
            _keys[key] = ofKey + 1;
        }
        _used++;
        return true;
    }
}
