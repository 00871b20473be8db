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
            // What a run is born with is its starter's; a refusal of that is the starter's answer.
            if (bundle.Birth is not null || bundle.Events.Count == 0 || !_names.TryGetValue(bundle.Run, out var name) || !_runs.Contains(name) || IsEngineText(bundle)) continue;
            Refusals++;
            return Task.FromException<GroupOutcome>(new StoreException(StoreFault.Data, "The simulated store can never take this."));
        }
        return null;
    }

    /// <summary>That the run is blocked, and perhaps an operator's act before it.</summary>
    private static bool IsEngineText(RunBundle bundle) =>
        bundle.Row is { Status: RunStatus.Blocked } && bundle.Events.Count <= 2 && bundle.Events.Bytes.Span[0] is (byte)EventKind.RunBlocked or (byte)EventKind.RunResumed or (byte)EventKind.RunReset or (byte)EventKind.RunPaused;
}
