using System.Collections.Concurrent;

namespace Perdure.Worker;

/// <summary>
/// The slots of the queues of which this worker takes only so many runs at a time, and which run here holds one. A run holds its slot from before it is asked for until it has left
/// this process's memory, also while it is loaded anew. Thread safe.
/// </summary>
internal sealed class RunSlots
{
    private readonly Dictionary<string, SlotCount> _queues = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<RunActor, SlotCount> _holders = new();

    public RunSlots(IReadOnlyDictionary<string, int> limits)
    {
        foreach (var (queue, limit) in limits) _queues.Add(queue, new SlotCount(queue, limit));
    }

    /// <summary>The queues with a limit.</summary>
    public IReadOnlyCollection<SlotCount> Queues => _queues.Values;

    /// <summary>The slots of a queue; null if it has no limit here.</summary>
    public SlotCount? Find(string queue) => _queues.GetValueOrDefault(queue);

    /// <summary>A slot that was taken belongs to a run from now on.</summary>
    public void Give(SlotCount slots, RunActor run) => _holders[run] = slots;

    public bool Has(RunActor run) => _holders.ContainsKey(run);

    /// <summary>The slot of a run is nobody's from now on; null if it has none. Whoever asks gives or frees it.</summary>
    public SlotCount? Detach(RunActor run) => _holders.TryRemove(run, out var slots) ? slots : null;
}
