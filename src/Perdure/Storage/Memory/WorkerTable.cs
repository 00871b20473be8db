namespace Perdure.Storage.Memory;

/// <summary>Workers and lanes: leases, fencing, resolving.</summary>
internal sealed class WorkerTable(RowWatch? watch)
{
    private static readonly TimeSpan KeepDead = TimeSpan.FromDays(1);

    private readonly Dictionary<Guid, WorkerRow> _byId = [];
    private readonly SortedDictionary<long, WorkerRow> _byKey = [];
    private long _lastKey;

    public IReadOnlyCollection<WorkerRow> All => _byKey.Values;

    /// <summary>Key of the worker that registered last, whether or not it is still known.</summary>
    public long LastKey => _lastKey;

    public WorkerRow? Find(long worker)
    {
        var row = _byKey.GetValueOrDefault(worker);
        if (watch is not null && row is not null) watch.Reached(row);
        return row;
    }

    /// <summary>The worker of that id; a repeated registration changes nothing.</summary>
    public WorkerRow Register(WorkerRegistration registration, Instant now)
    {
        if (_byId.TryGetValue(registration.Id, out var known)) return known;
        var before = registration.Before == 0 ? null : _byKey.GetValueOrDefault(registration.Before);
        var row = new WorkerRow(_lastKey + 1, registration) { RegisteredAt = now, LeaseUntil = now.Add(registration.Lease), Pause = before?.Pause, Revision = before?.Revision ?? 0 };
        Add(row);
        return row;
    }

    /// <summary>Adds a worker; none gets its key or a lower one again.</summary>
    public void Add(WorkerRow row)
    {
        _byId.Add(row.Id, row);
        _byKey.Add(row.Key, row);
        _lastKey = Math.Max(_lastKey, row.Key);
        watch?.Reached(row);
    }

    /// <summary>From here on the lanes of a worker commit nothing.</summary>
    public void MarkDead(WorkerRow row, Instant now)
    {
        row.MarkDead(now);
        watch?.Reached(row);
    }

    /// <summary>No key up to this one is given to a worker again.</summary>
    public void ReserveUpTo(long lastKey) => _lastKey = Math.Max(_lastKey, lastKey);

    /// <summary>Whether somebody who is alive has code for an activity.</summary>
    public bool Knows(string activity)
    {
        foreach (var worker in _byKey.Values)
        {
            if (worker.Alive && worker.Activities.Contains(activity)) return true;
        }
        return false;
    }

    /// <summary>Whether a worker may take runs that need this code: it has it, or nobody who is alive does.</summary>
    public bool MayTake(WorkerRow taker, WorkflowCode code)
    {
        if (taker.Has(code)) return true;
        foreach (var worker in _byKey.Values)
        {
            if (worker.Alive && worker.Has(code)) return false;
        }
        return true;
    }

    /// <summary>Whether everybody who is alive has the same code, so that nobody meets a run that is another's.</summary>
    public bool AreAlike(WorkerRow asker)
    {
        if (asker.Workflows is null) return true;
        foreach (var worker in _byKey.Values)
        {
            if (worker.Alive && (worker.Workflows is not { } codes || !codes.SetEquals(asker.Workflows))) return false;
        }
        return true;
    }

    /// <summary>Prolongs the lease. A worker that nobody has marked dead may renew even a lease that has ended.</summary>
    public LeaseGrant Renew(long worker, Instant now)
    {
        if (Find(worker) is not { Alive: true } row) return new LeaseGrant(Alive: false, now);
        row.LeaseUntil = now.Add(row.Lease);
        return new LeaseGrant(Alive: true, now) { Orders = row.Orders };
    }

    /// <summary>
    /// Forgets workers that have been dead for a day and own nothing. Until then one that was frozen for long can still learn what became of its last group.
    /// </summary>
    public void Prune(Instant now)
    {
        var before = now.Add(-KeepDead);
        foreach (var worker in _byKey.Values.ToArray())
        {
            if (worker.DiedAt >= before || worker.Runs.Count + worker.Tasks.Count > 0) continue;
            _byKey.Remove(worker.Key);
            _byId.Remove(worker.Id);
            watch?.Removed(worker);
        }
    }

    /// <summary>
    /// The lane that may take this attempt, or null when it is fenced. The caller sets <see cref="LaneRow.LastGroup"/> when it
    /// writes the rest.
    /// </summary>
    public LaneRow? Fence(in LaneStamp stamp) =>
        FindLane(stamp.Worker, stamp.Lane) is { Alive: true } lane && lane.LastGroup == stamp.Previous && stamp.Number > lane.Barrier
            ? lane
            : null;

    /// <summary>Whether the attempt was committed. If not, the barrier keeps it out for ever; a dead lane is frozen anyway.</summary>
    public bool Resolve(long worker, int lane, long number)
    {
        if (FindLane(worker, lane) is not { } row) return false;
        if (row.Alive) row.Barrier = Math.Max(row.Barrier, number);
        return row.LastGroup == number;
    }

    private LaneRow? FindLane(long worker, int lane) =>
        Find(worker) is { } row && lane >= 0 && lane < row.Lanes.Length ? row.Lanes[lane] : null;
}
