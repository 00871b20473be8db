namespace Perdure.Storage.Memory;

/// <summary>All runs, their start keys, and the indexes over them: due unowned runs by queue, those that were put aside also by code, owned runs by worker.</summary>
internal sealed class RunTable(WorkerTable workers, SlotTable slots, RowWatch? watch)
{
    private readonly Dictionary<long, RunRow> _byKey = [];
    private readonly Dictionary<string, RunRow> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StartKeyRow> _startKeys = new(StringComparer.Ordinal);
    private readonly SortedSet<(Instant FreeAt, string StartKey)> _endingKeys = new(OldestKeyFirst.Instance);
    private readonly Dictionary<string, DueQueue<long>> _due = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<WorkflowCode, DueQueue<long>>> _aside = new(StringComparer.Ordinal);
    private readonly SortedSet<(Instant StartDeadline, long Key)> _expiring = [];
    private long _nextKey = 1;

    public IReadOnlyCollection<RunRow> All => _byKey.Values;

    public FamilyTable Family { get; } = new();

    public ChainTable Chains { get; } = new();

    /// <summary>Whether a parent or a child of the run has not ended, so that the run cannot be deleted. What the engine's own runs start is kept by nobody.</summary>
    public bool IsInUse(RunRow run) => HasLiveParent(run) || Family.HasLiveChildren(run.Key);

    /// <summary>Whether a run has a parent that has not ended and heard of its end. What the engine's own runs start, as those of schedules do, concerns them only once.</summary>
    public bool HasLiveParent(RunRow run) => ParentOf(run) is { IsOfEngine: false, Status: var status } && !status.IsTerminal();

    /// <summary>The parent, unless there is none, or it was deleted.</summary>
    public RunRow? ParentOf(RunRow run) => run.Tie is { } tie ? Find(tie.Parent) : null;

    public long NextKey => _nextKey;

    public long ReserveKeys(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var first = _nextKey;
        _nextKey += count;
        return first;
    }

    public RunRow? Find(long key) => Watched(_byKey.GetValueOrDefault(key));

    public RunRow? Find(string id) => Watched(_byId.GetValueOrDefault(id));

    /// <summary>What is remembered of a start key, free or not.</summary>
    public StartKeyRow? FindStartKey(string startKey) => _startKeys.GetValueOrDefault(startKey);

    /// <summary>Who holds a start key.</summary>
    public StartKeyRow? FindHeldKey(string startKey, Instant now) => FindStartKey(startKey) is { } row && row.FreeAt > now ? row : null;

    public RunRow Get(long key) => Watched(_byKey[key])!;

    /// <summary>Adds a run and points its start key to it.</summary>
    public void Add(RunRow run)
    {
        Restore(run);
        if (run.Birth.StartKey is { } startKey) Hold(startKey, StartKeyRow.Of(run.Birth));
        watch?.Reached(run);
    }

    /// <summary>Adds a run that was there before; what it held is restored by itself.</summary>
    public void Restore(RunRow run)
    {
        _byKey.Add(run.Key, run);
        _byId.Add(run.Birth.Id, run);
        Index(run);
    }

    /// <summary>Notes what a start key was used for.</summary>
    public void Hold(string startKey, StartKeyRow row)
    {
        if (FindStartKey(startKey) is { FreeAt.IsNever: false } former) _endingKeys.Remove((former.FreeAt, startKey));
        _startKeys[startKey] = row;
        if (!row.FreeAt.IsNever) _endingKeys.Add((row.FreeAt, startKey));
        watch?.Held(startKey, row);
    }

    /// <summary>Forgets start keys that were free at <paramref name="past"/>. Answers how many; at most <paramref name="limit"/>.</summary>
    public int ForgetKeys(Instant past, int limit)
    {
        var forgotten = 0;
        while (forgotten < limit && _endingKeys.Count > 0 && _endingKeys.Min is var (freeAt, startKey) && freeAt <= past)
        {
            _endingKeys.Remove((freeAt, startKey));
            _startKeys.Remove(startKey);
            watch?.Forgotten(startKey);
            forgotten++;
        }
        return forgotten;
    }

    /// <summary>No key below this one is handed out again.</summary>
    public void ReserveUpTo(long nextKey) => _nextKey = Math.Max(_nextKey, nextKey);

    /// <summary>Lets another run stand in a run's place: for its start key, its parent, its children, and whoever sends to it.</summary>
    public void Succeed(RunRow run, RunRow successor)
    {
        Chains.Succeed(run, successor);
        foreach (var child in Family.ChildrenOf(run.Key)) watch?.Reached(child);
        Family.Succeed(run, successor);
        if (run.StartKey is not { } startKey || FindStartKey(startKey) is not { } held || held.Run != run.Key) return;
        successor.StartKey = startKey;
        Hold(startKey, held with { Run = successor.Key, RunId = successor.Birth.Id });
    }

    /// <summary>The run that stands for a run now: itself, unless another went on in its place.</summary>
    public RunRow Live(RunRow run) => Watched(Chains.Last(run))!;

    /// <summary>Forgets a run. Its start key stays for some time.</summary>
    public void Remove(RunRow run, Instant now)
    {
        if (run.StartKey is { } startKey && FindStartKey(startKey) is { FreeAt.IsNever: true } held && held.Run == run.Key)
            Hold(startKey, held with { FreeAt = now.Add(StartKeys.AfterRun) });
        Unindex(run);
        Family.Remove(run);
        Chains.Remove(run);
        _byKey.Remove(run.Key);
        _byId.Remove(run.Birth.Id);
        watch?.Removed(run);
    }

    public void SetOwner(RunRow run, long worker)
    {
        Unindex(run);
        (run.Owner, run.IsAside) = (worker, false);
        Index(run);
    }

    /// <summary>Gives a run to a worker, with or without a slot of its queue.</summary>
    public void SetOwner(RunRow run, long worker, bool holdsSlot)
    {
        Unindex(run);
        (run.Owner, run.IsAside, run.HoldsSlot) = (worker, false, holdsSlot);
        Index(run);
    }

    public void SetDue(RunRow run, Instant due)
    {
        if (run.Owner != 0)
        {
            run.DueAt = due;
            return;
        }
        Unindex(run);
        run.DueAt = due;
        Index(run);
    }

    /// <summary>From <paramref name="deadline"/> on the run is taken only to be ended.</summary>
    public void SetStartDeadline(RunRow run, Instant deadline)
    {
        Unindex(run);
        run.StartDeadline = deadline;
        Index(run);
    }

    /// <summary>Lets only those meet a run from here on who can drive it, until somebody takes it.</summary>
    public void PutAside(RunRow run)
    {
        Unindex(run);
        run.IsAside = true;
        Index(run);
    }

    /// <summary>The unowned runs of a queue that will ever be due: those that everybody meets, and those that were put aside for code that <paramref name="mayTake"/>.</summary>
    public IEnumerable<DueQueue<long>> Due(string queue, Predicate<WorkflowCode> mayTake)
    {
        if (_due.TryGetValue(queue, out var open)) yield return open;
        if (!_aside.TryGetValue(queue, out var shelves)) yield break;
        foreach (var (code, shelf) in shelves)
        {
            if (mayTake(code)) yield return shelf;
        }
    }

    /// <summary>Runs of any queue that nobody has taken yet and that will expire, by when.</summary>
    public IReadOnlyCollection<(Instant StartDeadline, long Key)> Expiring => _expiring;

    private RunRow? Watched(RunRow? run)
    {
        if (watch is not null && run is not null) watch.Reached(run);
        return run;
    }

    private void Index(RunRow run)
    {
        if (run.Owner != 0)
        {
            workers.Find(run.Owner)!.Runs.Add(run.Key);
            if (run.HoldsSlot) slots.Enter(run.Birth.Queue, run.Birth.ConcurrencyKey);
            return;
        }
        if (!run.DueAt.IsNever) QueueOf(run).Add(run.Birth.Priority, run.DueAt, run.Key);
        if (Expires(run)) _expiring.Add((run.StartDeadline, run.Key));
    }

    private void Unindex(RunRow run)
    {
        if (run.Owner != 0)
        {
            workers.Find(run.Owner)!.Runs.Remove(run.Key);
            if (run.HoldsSlot) slots.Leave(run.Birth.Queue, run.Birth.ConcurrencyKey);
            return;
        }
        if (!run.DueAt.IsNever) QueueOf(run).Remove(run.Birth.Priority, run.DueAt, run.Key);
        if (Expires(run)) _expiring.Remove((run.StartDeadline, run.Key));
    }

    private static bool Expires(RunRow run) => run.Status == RunStatus.Pending && !run.StartDeadline.IsNever;

    private DueQueue<long> QueueOf(RunRow run)
    {
        if (run.IsAside) return ShelfOf(run);
        if (!_due.TryGetValue(run.Birth.Queue, out var queue)) _due[run.Birth.Queue] = queue = new DueQueue<long>();
        return queue;
    }

    private DueQueue<long> ShelfOf(RunRow run)
    {
        if (!_aside.TryGetValue(run.Birth.Queue, out var shelves)) _aside[run.Birth.Queue] = shelves = [];
        if (!shelves.TryGetValue(run.Code, out var shelf)) shelves[run.Code] = shelf = new DueQueue<long>();
        return shelf;
    }
}
