using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>Signals that arrived and were not taken yet, in the order of their arrival. Each is named by its message id.</summary>
internal sealed class SignalBuffer
{
    private List<EventRecord>? _signals;

    public int Count => _signals?.Count ?? 0;

    /// <summary>All of them, the oldest first.</summary>
    public IReadOnlyList<EventRecord> All => _signals is null ? [] : [.. _signals];

    public void Add(in EventRecord signal) => (_signals ??= []).Add(signal);

    /// <summary>Puts a signal back to where it stood.</summary>
    public void Restore(in EventRecord signal)
    {
        var signals = _signals ??= [];
        var index = signals.Count;
        while (index > 0 && signals[index - 1].Sequence > signal.Sequence) index--;
        signals.Insert(index, signal);
    }

    /// <summary>Looks at the oldest signal of a name.</summary>
    public bool TryPeek(string name, out EventRecord signal)
    {
        signal = default;
        for (var i = 0; i < Count; i++)
        {
            if (_signals![i].Name != name) continue;
            signal = _signals[i];
            return true;
        }
        return false;
    }

    /// <summary>Takes the oldest signal of any of <paramref name="names"/>.</summary>
    public bool TryTake(ReadOnlySpan<string> names, out EventRecord signal)
    {
        for (var i = 0; i < Count; i++)
            if (names.Contains(_signals![i].Name)) return TakeAt(i, out signal);
        signal = default;
        return false;
    }

    /// <summary>Takes the signal of a message.</summary>
    public bool TryTake(string messageId, out EventRecord signal)
    {
        for (var i = 0; i < Count; i++)
            if (_signals![i].Note == messageId) return TakeAt(i, out signal);
        signal = default;
        return false;
    }

    private bool TakeAt(int index, out EventRecord signal)
    {
        signal = _signals![index];
        _signals.RemoveAt(index);
        return true;
    }
}
