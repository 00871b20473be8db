using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>Signals that arrived and were not taken yet, in the order of their arrival.</summary>
internal sealed class SignalBuffer
{
    private readonly List<EventRecord> _signals = [];

    public IReadOnlyList<EventRecord> All => _signals;

    public void Add(in EventRecord signal) => _signals.Add(signal);

    /// <summary>Takes the oldest signal of any of <paramref name="names"/>.</summary>
    public bool TryTake(ReadOnlySpan<string> names, out EventRecord signal)
    {
        for (var i = 0; i < _signals.Count; i++)
        {
            if (!names.Contains(_signals[i].Name)) continue;
            signal = _signals[i];
            _signals.RemoveAt(i);
            return true;
        }
        signal = default;
        return false;
    }
}
