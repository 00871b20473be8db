using Perdure.Files.Folders;
using Perdure.Storage.Memory;

namespace Perdure.Files.Rows;

/// <summary>
/// The rows of an owned folder in memory, where commands are executed, and the files that follow them. Histories stay on disk. Not thread safe.
/// </summary>
internal sealed class WorkingState
{
    private readonly OwnedFolder _folder;
    private readonly RowWatch _watch = new();
    private readonly EventLines _lines = new();
    private readonly Dictionary<long, RunCopy> _copies = [];
    private readonly StepCopies? _steps;
    private readonly HookCopies? _hooks;
    private (long NextRun, long LastWorker) _counters;

    private WorkingState(OwnedFolder folder, TimeProvider clock, StepCopies? steps, HookCopies? hooks)
    {
        (_folder, _steps, _hooks) = (folder, steps, hooks);
        Rows = new MemoryStore(clock, _watch);
    }

    /// <summary>Executes commands. What they change becomes durable by <see cref="Save()"/>.</summary>
    public MemoryStore Rows { get; }

    /// <summary>Reads all rows.</summary>
    /// <exception cref="StoreException">A file is damaged or cannot be read.</exception>
    public static WorkingState Load(OwnedFolder folder, TimeProvider clock, StepCopies? steps, HookCopies? hooks)
    {
        var state = new WorkingState(folder, clock, steps, hooks);
        state.LoadWorkers();
        foreach (var path in folder.List(Layout.Runs)) state.LoadRun(path);
        foreach (var path in folder.List(Layout.Keys))
        {
            var key = StoreJson.Read<StartKeyDocument>(folder.Read(path), path);
            state.Rows.Runs.Hold(key.StartKey, key.ToRow());
        }
        if (folder.Read(Layout.Turns) is { Length: > 0 } turns)
            foreach (var (work, taken) in StoreJson.Read<TurnsDocument>(turns, Layout.Turns).Taken) state.Rows.Turns.Set(work, taken);
        if (folder.Read(Layout.Installation) is { Length: > 0 } installation)
            foreach (var (name, value) in StoreJson.Read<InstallationDocument>(installation, Layout.Installation).Kept) state.Rows.Kept.Keep(name, Convert.FromBase64String(value));
        if (folder.Read(Layout.Queues) is { Length: > 0 } queues)
        {
            var document = StoreJson.Read<QueuesDocument>(queues, Layout.Queues);
            foreach (var (queue, rule) in document.Queues) state.Rows.Queues.Set(queue, rule);
            state.Rows.Queues.Revision = document.Revision;
        }
        state._counters = (state.Rows.Runs.NextKey, state.Rows.Workers.LastKey);
        state._watch.Clear();
        return state;
    }

    /// <summary>The workers of an owner that is gone can never write again.</summary>
    public void BuryWorkers()
    {
        foreach (var worker in Rows.Workers.All.Where(static worker => worker.Alive).ToArray()) Rows.Workers.MarkDead(worker, Instant.From(Rows.Clock.GetUtcNow()));
    }

    /// <summary>Makes durable what commands have changed since the last time. When it throws, this state is ahead of the disk and of no use any more.</summary>
    public void Save()
    {
        var changes = new ChangeSet();
        foreach (var run in _watch.RemovedRuns) Remove(run, changes);
        foreach (var run in _watch.Runs) Save(run, changes);
        foreach (var worker in _watch.Workers) changes.PutLater(Layout.Worker(worker.Key), StoreJson.Write(WorkerDocument.Of(worker)));
        foreach (var worker in _watch.RemovedWorkers) changes.Delete(Layout.Worker(worker.Key));
        foreach (var (startKey, row) in _watch.StartKeys)
        {
            if (row is null) changes.Delete(Layout.StartKey(startKey));
            else changes.Put(Layout.StartKey(startKey), StoreJson.Write(StartKeyDocument.Of(startKey, row)));
        }
        if (_watch.Turns) changes.PutLater(Layout.Turns, StoreJson.Write(new TurnsDocument(Rows.Turns.All)));
        if (_watch.Kept)
            changes.Put(Layout.Installation, StoreJson.Write(new InstallationDocument(Rows.Kept.All.ToDictionary(static kept => kept.Key, static kept => Convert.ToBase64String(kept.Value.Span)))));
        if (_watch.Queues) changes.Put(Layout.Queues, StoreJson.Write(new QueuesDocument(Rows.Queues.All, Rows.Queues.Revision)));
        SaveCounters(changes);
        _watch.Clear();
        if (changes.IsEmpty) return;
        _folder.Commit(changes);
        _steps?.Flush();
        _hooks?.Flush();
    }

    /// <summary>Forgets what was only looked at.</summary>
    public void Looked() => _watch.Clear();

    /// <summary>The history of a run from its file.</summary>
    public List<EventBatch> ReadHistory(RunRecord run) => EventLines.Read(_folder.Read(Layout.EventsOf(run.Id)), run.Events);

    private void Save(RunRow run, ChangeSet changes)
    {
        if (!_copies.TryGetValue(run.Key, out var copy)) _copies.Add(run.Key, copy = new RunCopy());
        foreach (var batch in run.History)
        {
            var lines = _lines.Write(batch, _steps is null ? null : e => _steps.Note(run.Birth.Id, e));
            changes.Append(Layout.EventsOf(run.Birth.Id), copy.EventsLength, lines);
            copy.EventsLength += lines.Length;
        }
        run.History.Clear();
        var state = RunState.Of(run);
        var bytes = StoreJson.Write(state);
        if (bytes.AsSpan().SequenceEqual(copy.State)) return;
        copy.State = bytes;
        _hooks?.Note(run);
        changes.Put(Layout.Run(run.Birth.Id), StoreJson.Write(new RunDocument(state, run.Birth with { Events = default })));
    }

    private void Remove(RunRow run, ChangeSet changes)
    {
        _copies.Remove(run.Key);
        changes.Delete(Layout.Run(run.Birth.Id));
        changes.Delete(Layout.EventsOf(run.Birth.Id));
        _steps?.Forget(run.Birth.Id);
        _hooks?.Forget(run.Birth.Id);
    }

    private void SaveCounters(ChangeSet changes)
    {
        var counters = (Rows.Runs.NextKey, Rows.Workers.LastKey);
        if (counters == _counters) return;
        _counters = counters;
        changes.PutLater(Layout.Counters, StoreJson.Write(new CountersDocument(counters.NextKey, counters.LastKey)));
    }

    private void LoadWorkers()
    {
        if (_folder.Read(Layout.Counters) is { Length: > 0 } bytes)
        {
            var counters = StoreJson.Read<CountersDocument>(bytes, Layout.Counters);
            Rows.Runs.ReserveUpTo(counters.NextRunKey);
            Rows.Workers.ReserveUpTo(counters.LastWorkerKey);
        }
        foreach (var path in _folder.List(Layout.Workers)) Rows.Workers.Add(StoreJson.Read<WorkerDocument>(_folder.Read(path), path).ToRow());
    }

    private void LoadRun(string path)
    {
        var document = StoreJson.Read<RunDocument>(_folder.Read(path), path);
        var run = document.State.ToRow(document.Birth);
        var events = EventTail.Read(_folder.PathOf(Layout.EventsOf(document.Birth.Id)));
        // Only a hand can have removed a worker's file; whoever it was, it is gone.
        if (Rows.Workers.Find(run.Owner) is null) run.Owner = 0;
        run.CountEvents(Math.Max(events.Events, document.State.Events));
        Rows.Runs.Restore(run);
        if (run.Tie is { } tie) Rows.Runs.Family.Add(run, tie);
        if (document.State.Chain is { } link) Rows.Runs.Chains.Add(run, link);
        foreach (var task in document.State.Tasks) Rows.Tasks.Add(task.ToRow(run));
        _copies.Add(run.Key, new RunCopy { EventsLength = events.Length, State = StoreJson.Write(RunState.Of(run)) });
    }
}
