namespace Perdure.Storage.Memory;

/// <summary>
/// Notes which rows commands have reached or removed, for a store that works on these tables and keeps a copy of each row elsewhere. A row that was reached need not have
/// changed. Tasks and messages belong to their run.
/// </summary>
internal sealed class RowWatch
{
    public HashSet<RunRow> Runs { get; } = [];

    public List<RunRow> RemovedRuns { get; } = [];

    public HashSet<WorkerRow> Workers { get; } = [];

    public List<WorkerRow> RemovedWorkers { get; } = [];

    /// <summary>Start keys that were taken or changed, with their rows; null for those that were forgotten.</summary>
    public Dictionary<string, StartKeyRow?> StartKeys { get; } = new(StringComparer.Ordinal);

    public bool Turns { get; private set; }

    public bool Kept { get; private set; }

    public bool Queues { get; private set; }

    public void Reached(RunRow run) => Runs.Add(run);

    public void Reached(WorkerRow worker) => Workers.Add(worker);

    public void Removed(RunRow run)
    {
        Runs.Remove(run);
        RemovedRuns.Add(run);
    }

    public void Removed(WorkerRow worker)
    {
        Workers.Remove(worker);
        RemovedWorkers.Add(worker);
    }

    public void Held(string startKey, StartKeyRow row) => StartKeys[startKey] = row;

    public void Forgotten(string startKey) => StartKeys[startKey] = null;

    public void TakenTurns() => Turns = true;

    public void KeptSomething() => Kept = true;

    public void ChangedQueues() => Queues = true;

    public void Clear()
    {
        Runs.Clear();
        RemovedRuns.Clear();
        Workers.Clear();
        RemovedWorkers.Clear();
        StartKeys.Clear();
        Turns = false;
        Kept = false;
        Queues = false;
    }
}
