using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>
/// What earlier attempts of a workflow leave to the next: outcomes of operations that need not run again. An attempt replays its code from the top; an operation
/// that matches a carried record by number, kind, name (and input) takes its outcome; from the first that does not match, the records are superseded.
/// </summary>
/// <remarks>
/// Carried outcomes are handed over in the order in which they were recorded, each in a turn of its own, before anything new. That makes the
/// attempt a function of its history without writing the outcomes again. A signal that a superseded wait had taken goes back to where it stood in the buffer.
/// </remarks>
/// <param name="signals">The run's buffer.</param>
/// <param name="maxCrashes">How many losses of its worker in a row the run allows.</param>
internal sealed class Carry(SignalBuffer signals, int maxCrashes)
{
    /// <summary>Bodies that a queued activity may have begun without the run's knowing: it fails when it has lost as many workers.</summary>
    private readonly int _unknownAttempts = Math.Max(1, maxCrashes);

    private readonly SortedDictionary<int, Entry> _entries = [];
    private readonly Dictionary<(int Operation, string Name), UsedAttempts> _attempts = [];
    private readonly PriorityQueue<(Operation Operation, EventRecord Outcome), int> _claimed = new();
    private readonly Dictionary<int, string> _queued = [];
    private int _generation;
    private List<int>? _supersededRequests;

    /// <summary>Notes an event of an earlier attempt.</summary>
    /// <param name="e">The event.</param>
    /// <param name="losses">How often bodies of the run had been forgotten when it was written.</param>
    public void Absorb(in EventRecord e, int losses)
    {
        if (e.Kind == EventKind.SignalReceived && e.Operation == EventRecord.NoOperation) signals.Add(e);
        if (EventKinds.AnswersRequest(e.Kind))
        {
            // Answers belong to the request, whichever attempt of the code they reached.
            var operation = e.Operation == EventRecord.NoOperation ? RequestAnswerJson.OperationOf(e.Data) : e.Operation;
            if (_entries.TryGetValue(operation, out var asked) && asked.IsAnsweredBy(e)) (asked.Answers ??= []).Add(e);
            return;
        }
        if (e.Kind is EventKind.HookDisposed or EventKind.InputCancelled)
        {
            // What the code, or a cancellation, gave up is asked for anew.
            _entries.Remove(e.Operation);
            return;
        }
        if (EventKinds.OperationOf(e) is not { } kind) return;
        if (kind == OperationKind.Activity) FollowQueued(e);
        if (e.Kind is EventKind.StepRetryScheduled or EventKind.ActivityRetryScheduled) return;
        if (IsChildEnd(e.Kind))
        {
            EndChild(e);
            return;
        }
        if (kind is OperationKind.Step or OperationKind.Activity && e.Attempt > Used(e.Operation, e.Name).Last) _attempts[(e.Operation, e.Name)] = new(e.Attempt, losses);

        var entry = EntryOf(e, kind);
        // What was undone is done again by the next attempt.
        if (e is { Kind: EventKind.StepCompleted, Undoes: { } undone }) _entries.Remove(undone);
        else if (IsOutcome(e)) entry.SetOutcome(e, SignalOf(e));
        else if (IsCommand(e.Kind)) entry.Input = e.Data;
        if (e.Kind == EventKind.ChildStarted) entry.ChildId = ChildNote.Read(e.Note!).Id;
    }

    /// <summary>As <see cref="Claim"/>, for a child: one that has not ended is waited for by this attempt under the id that it has.</summary>
    public bool ClaimChild(ChildOperation child, ReadOnlyMemory<byte> input)
    {
        if (!_entries.TryGetValue(child.Number, out var entry)) return false;
        if (!entry.Fits(child) || !PayloadEquality.SameInput(entry.Input, input))
        {
            Supersede(child.Number);
            return false;
        }
        child.Id = entry.ChildId!;
        if (entry.HasOutcome) _claimed.Enqueue((child, entry.Outcome), entry.Outcome.Sequence);
        return true;
    }

    /// <summary>Whether an earlier attempt has started this child, so that <see cref="ClaimChild"/> takes it over.</summary>
    public bool HasChild(ChildOperation child, ReadOnlyMemory<byte> input) =>
        _entries.TryGetValue(child.Number, out var entry) && entry.Fits(child) && PayloadEquality.SameInput(entry.Input, input);

    /// <summary>Whether an attempt may still ask for a child of an earlier one that has not ended.</summary>
    public bool WaitsForChild(int operation, string? child = null) =>
        _entries.TryGetValue(operation, out var entry) && entry is { ChildId: { } id, HasOutcome: false } && (child is null || child == id);

    /// <summary>Activities that an earlier attempt has queued, and whose outcome is not known.</summary>
    public IReadOnlyCollection<int> Queued => _queued.Keys;

    /// <summary>The name under which an operation was issued.</summary>
    public string NameOf(int operation) => _entries[operation].Name;

    /// <summary>Ends an attempt: what has no outcome, or one that does not count, is not carried.</summary>
    /// <param name="keepsChildren">Whether children that have not ended are waited for by the next attempt.</param>
    public void EndAttempt(bool keepsChildren)
    {
        // What was still queued or running went with the end of the run.
        foreach (var (number, name) in _queued) SkipUnknown(number, name);
        _queued.Clear();
        List<int>? open = null;
        foreach (var (number, entry) in _entries)
            if (!entry.HasOutcome && !(keepsChildren && entry.ChildId is not null)) (open ??= []).Add(number);
        if (open is not null)
            foreach (var number in open) _entries.Remove(number);
        _generation++;
    }

    /// <summary>
    /// Whether an operation that is being issued has its outcome already; it is then handed over by <see cref="TryHandOver"/>. A mismatch supersedes the record and
    /// all behind it.
    /// </summary>
    public bool Claim(Operation operation, ReadOnlyMemory<byte>? input = null)
    {
        if (!_entries.TryGetValue(operation.Number, out var entry)) return false;
        if (!entry.Fits(operation) || input is { } actual && !PayloadEquality.SameInput(entry.Input, actual))
        {
            Supersede(operation.Number);
            return false;
        }
        _claimed.Enqueue((operation, entry.Outcome), entry.Outcome.Sequence);
        return true;
    }

    /// <summary>The record of something that has its outcome when it is issued: a side effect, a publication.</summary>
    public bool Find(int number, OperationKind kind, string name, out EventRecord outcome)
    {
        outcome = default;
        if (!_entries.TryGetValue(number, out var entry)) return false;
        if (entry.Kind != kind || entry.Name != name)
        {
            Supersede(number);
            return false;
        }
        outcome = entry.Outcome;
        return true;
    }

    /// <summary>Whether earlier attempts have left outcomes of this operation or of later ones.</summary>
    public bool HasFrom(int number)
    {
        foreach (var known in _entries.Keys)
            if (known >= number) return true;
        return false;
    }

    /// <summary>The record of a request that an earlier attempt made, with the answers that it has got.</summary>
    public bool FindRequest(RequestOperation operation, out EventRecord created, out IReadOnlyList<EventRecord> answers)
    {
        answers = [];
        if (!Find(operation.Number, operation.Kind, operation.Name, out created)) return false;
        answers = _entries[operation.Number].Answers ?? [];
        return true;
    }

    /// <summary>An outcome that is handed over in its turn.</summary>
    public void HandOver(Operation operation, in EventRecord outcome) => _claimed.Enqueue((operation, outcome), outcome.Sequence);

    /// <summary>Requests whose records were given up since the last call; null for none.</summary>
    public IReadOnlyList<int>? TakeSupersededRequests()
    {
        var superseded = _supersededRequests;
        _supersededRequests = null;
        return superseded;
    }

    /// <summary>The next outcome for an operation that claimed one. False: none is left.</summary>
    public bool TryHandOver(out (Operation Operation, EventRecord Outcome) next) => _claimed.TryDequeue(out next, out _);

    /// <summary>
    /// What is known of the attempts of this operation in earlier attempts of the workflow. Of one that no event tells of, nothing is known: each lost worker may have
    /// begun an attempt ahead of the record.
    /// </summary>
    public UsedAttempts Used(int number, string name) => _attempts.GetValueOrDefault((number, name));

    /// <summary>
    /// A child has ended, in whichever attempt that was: the record stays where it began. One that gave no result is started anew by the next attempt.
    /// </summary>
    private void EndChild(in EventRecord e)
    {
        if (!_entries.TryGetValue(e.Operation, out var entry) || entry.Kind != OperationKind.Child) return;
        if (e.Kind == EventKind.ChildCompleted) entry.SetOutcome(e, default);
        else _entries.Remove(e.Operation);
    }

    /// <summary>Keeps account of the activities that are in the hands of other workers. How far their attempts have come is known only from outcomes.</summary>
    private void FollowQueued(in EventRecord e)
    {
        if (e.Kind == EventKind.ActivityScheduled && e.Note != ActivityOperation.LocalNote) _queued[e.Operation] = e.Name;
        else if (e.Kind is EventKind.ActivityCompleted or EventKind.ActivityCancelled
            || e.Kind is EventKind.ActivityFailed or EventKind.ActivityTimedOut && e.Note != FailureNotes.Retryable)
        {
            var wasQueued = _queued.Remove(e.Operation);
            // Withdrawn: attempts that began before have lost their workers.
            if (wasQueued && e is { Kind: EventKind.ActivityCancelled, Attempt: 0 }) SkipUnknown(e.Operation, e.Name);
        }
    }

    /// <summary>No attempt number is used twice: those that may have been used are passed over.</summary>
    private void SkipUnknown(int number, string name)
    {
        var used = Used(number, name);
        _attempts[(number, name)] = used with { Last = used.Last + _unknownAttempts };
    }

    private Entry EntryOf(in EventRecord e, OperationKind kind)
    {
        if (_entries.TryGetValue(e.Operation, out var entry))
        {
            if (entry.Generation == _generation) return entry;
            // An operation that was carried writes nothing; so this one did not match and superseded the record. Only state can be published anew with another value.
            if (kind == OperationKind.Publish && entry.Kind == kind && entry.Name == e.Name) _entries.Remove(e.Operation);
            else Supersede(e.Operation);
        }
        return _entries[e.Operation] = new Entry(kind, e.Name, _generation);
    }

    /// <summary>The signal that an outcome brought; of no message when it brought none.</summary>
    private EventRecord SignalOf(in EventRecord e)
    {
        if (e.Kind == EventKind.SignalReceived) return e;
        if (e.Kind != EventKind.SignalConsumed) return default;
        if (signals.TryTake(e.Note!, out var signal)) return signal;
        // A record of an earlier attempt holds it, so that record had been superseded before; only now does it show.
        foreach (var (number, entry) in _entries)
        {
            if (entry.Generation == _generation || entry.Signal.Note != e.Note) continue;
            Supersede(number);
            break;
        }
        return signals.TryTake(e.Note!, out signal) ? signal : e;
    }

    /// <summary>Gives up the records of earlier attempts from an operation on.</summary>
    private void Supersede(int from)
    {
        var superseded = new List<int>();
        foreach (var (number, entry) in _entries)
            if (number >= from && entry.Generation != _generation) superseded.Add(number);
        foreach (var number in superseded)
        {
            _entries.Remove(number, out var entry);
            if (entry!.Signal.Note is not null) signals.Restore(entry.Signal);
            if (entry.Kind is OperationKind.Hook or OperationKind.Input) (_supersededRequests ??= []).Add(number);
        }
    }

    private static bool IsCommand(EventKind kind) => kind is EventKind.ActivityScheduled or EventKind.SleepStarted or EventKind.WaitStarted or EventKind.ChildStarted;

    private static bool IsChildEnd(EventKind kind) => kind is EventKind.ChildCompleted or EventKind.ChildFailed or EventKind.ChildCancelled;

    /// <summary>Outcomes that the next attempt takes over. What failed or was cancelled runs again.</summary>
    internal static bool IsOutcome(in EventRecord e) => e.Kind switch
    {
        EventKind.StepCompleted or EventKind.ActivityCompleted or EventKind.SleepCompleted or EventKind.StatePublished
            or EventKind.SignalReceived or EventKind.SignalConsumed or EventKind.SignalPeeked or EventKind.WaitTimedOut
            or EventKind.HookCreated or EventKind.InputRequested or EventKind.ChildSignalled or EventKind.ChildCancelRequested => true,
        EventKind.SideEffect => e.Note != FailureNotes.Final,
        _ => false,
    };

    /// <summary>What is known of one operation.</summary>
    private sealed class Entry(OperationKind kind, string name, int generation)
    {
        public OperationKind Kind { get; } = kind;

        /// <summary>The name under which it was issued; for a wait that found its signal at once, the signal's.</summary>
        public string Name { get; } = name;

        /// <summary>Which attempt wrote it, counted from 0.</summary>
        public int Generation { get; } = generation;

        /// <summary>The input that an activity was scheduled with.</summary>
        public ReadOnlyMemory<byte> Input { get; set; }

        /// <summary>Of a child: its public id.</summary>
        public string? ChildId { get; set; }

        public EventRecord Outcome { get; private set; }

        public bool HasOutcome { get; private set; }

        /// <summary>The signal that a wait took.</summary>
        public EventRecord Signal { get; private set; }

        /// <summary>Of a request: what it has been answered, in order.</summary>
        public List<EventRecord>? Answers { get; set; }

        /// <summary>Whether an event is an answer to this request, or the end of its time.</summary>
        public bool IsAnsweredBy(in EventRecord e) => EventKinds.OpensRequest(Outcome.Kind)
            && (e.Kind is EventKind.HookExpired or EventKind.InputTimedOut || RequestAnswerJson.RequestOf(e.Data) == RequestOperation.NumberOf(Outcome));

        public void SetOutcome(in EventRecord outcome, in EventRecord signal) => (Outcome, Signal, HasOutcome) = (outcome, signal, true);

        public bool Fits(Operation operation) => Kind == operation.Kind
            && (Name == operation.Name || Outcome.Kind == EventKind.SignalConsumed && operation is WaitOperation wait && wait.Wants(Name));
    }
}

/// <summary>What earlier attempts of the workflow left of an operation's attempt numbers.</summary>
/// <param name="Last">The last number that was recorded, or passed over; 0 for none.</param>
/// <param name="Losses">How often bodies of the run had been forgotten by then.</param>
internal readonly record struct UsedAttempts(int Last, int Losses);
