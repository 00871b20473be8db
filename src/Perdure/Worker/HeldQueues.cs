using System.Collections.Concurrent;

namespace Perdure.Worker;

/// <summary>
/// Queues whose work is given by claims only, as far as this worker has met them: it does not try to have such work at once. Only a hint, which is forgotten soon: whether it
/// still holds is for the store to say. Thread safe.
/// </summary>
internal sealed class HeldQueues(TimeProvider clock)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, long> _noted = new(StringComparer.Ordinal);

    public void Note(string queue) => _noted[queue] = clock.GetTimestamp();

    public bool Has(string queue)
    {
        if (_noted.IsEmpty || !_noted.TryGetValue(queue, out var noted)) return false;
        if (clock.GetElapsedTime(noted) < Remembered) return true;
        _noted.TryRemove(new KeyValuePair<string, long>(queue, noted));
        return false;
    }
}
