using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>Runs whose events the store can never take, except for what the engine itself says of them.</summary>
internal sealed class Poison
{
    private readonly HashSet<string> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _names = [];

    /// <summary>How many groups were refused.</summary>
    public int Refusals { get; private set; }

    public void Add(string startName) => _runs.Add(startName);

    public void Clear() => _runs.Clear();

    /// <summary>A run of a poisoned start is known by this key.</summary>
    public void Know(long key, string startName) => _names[key] = startName;

    public Task<GroupOutcome>? Refuses(RunGroup group)
    {
        if (_runs.Count == 0) return null;
        foreach (var bundle in group.Bundles)
        {
            if (bundle.Events.Count == 0 || !_names.TryGetValue(bundle.Run, out var name) || !_runs.Contains(name) || IsEngineText(bundle.Events)) continue;
            Refusals++;
            return Task.FromException<GroupOutcome>(new StoreException(StoreFault.Data, "The simulated store can never take this."));
        }
        return null;
    }

    private static bool IsEngineText(in EventBatch batch) => batch.Count == 1 && batch.Bytes.Span[0] == (byte)EventKind.RunBlocked;
}
