using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>
/// What earlier attempts of a workflow leave to the next: outcomes of operations that need not run again. An attempt replays its code from the top; an operation
/// that matches a carried record by number, kind, name (and input) takes its outcome; from the first that does not match, the records are superseded.
/// </summary>
/// <remarks>
/// Carried outcomes are handed over in the order in which they were recorded, each in a turn of its own, before anything new. That makes the
/// attempt a function of its history without writing the outcomes again.
/// </remarks>
internal sealed class Carry
{
    private readonly SortedDictionary<int, Entry> _entries = [];
    private readonly Dictionary<int, (string Name, int Attempt)> _attempts = [];

    public int Count => _entries.Count;

    /// <summary>Notes an event of an earlier attempt.</summary>
    public void Absorb(in EventRecord e)
    {
        if (e.Operation == EventRecord.NoOperation) return;
        if (e.Kind is EventKind.StepStarted or EventKind.StepCompleted or EventKind.StepFailed
            or EventKind.ActivityStarted or EventKind.ActivityCompleted or EventKind.ActivityFailed or EventKind.ActivityTimedOut or EventKind.ActivityCancelled)
            _attempts[e.Operation] = (e.Name, Math.Max(e.Attempt, LastAttempt(e.Operation, e.Name)));
        if (e.Kind is EventKind.StepStarted or EventKind.ActivityStarted or EventKind.StepRetryScheduled or EventKind.ActivityRetryScheduled) return;
        if (EventKinds.OperationOf(e) is not { } kind) return;

        // An operation that was recorded anew under another identity superseded everything from its number on.
        if (_entries.TryGetValue(e.Operation, out var known) && (known.Kind != kind || known.Name != NameOf(e, kind, known))) Supersede(e.Operation);
        if (IsCommand(e.Kind)) _entries[e.Operation] = new Entry(kind, NameOf(e, kind, null)) { Command = e };
        else if (IsOutcome(e.Kind))
        {
            if (!_entries.TryGetValue(e.Operation, out var entry)) _entries[e.Operation] = entry = new Entry(kind, e.Name);
            entry.Outcome = e;
            entry.HasOutcome = true;
        }
        else _entries.Remove(e.Operation);
    }

    /// <summary>Ends an attempt: what has no outcome is not carried.</summary>
    public void EndAttempt()
    {
        List<int>? open = null;
        foreach (var (number, entry) in _entries)
            if (!entry.HasOutcome) (open ??= []).Add(number);
        if (open is not null)
            foreach (var number in open) _entries.Remove(number);
    }

    /// <summary>The record for an operation that is being issued, or null; a mismatch supersedes it and all behind it.</summary>
    public Entry? Match(int number, OperationKind kind, string name, Func<Entry, bool>? sameInput = null)
    {
        if (_entries.Count == 0) return null;
        if (_entries.TryGetValue(number, out var entry))
        {
            if (entry.Kind == kind && entry.Name == name && (sameInput is null || sameInput(entry))) return entry;
            Supersede(number);
        }
        return null;
    }

    /// <summary>The last attempt number that an earlier workflow attempt used for this operation.</summary>
    public int LastAttempt(int number, string name) => _attempts.TryGetValue(number, out var known) && known.Name == name ? known.Attempt : 0;

    private void Supersede(int from)
    {
        var superseded = new List<int>();
        foreach (var number in _entries.Keys)
            if (number >= from) superseded.Add(number);
        foreach (var number in superseded) _entries.Remove(number);
    }

    private static string NameOf(in EventRecord e, OperationKind kind, Entry? known) =>
        // A signal's events carry the name of the signal that came, a wait the names that it asked for.
        kind == OperationKind.Wait && known is not null ? known.Name : e.Name;

    private static bool IsCommand(EventKind kind) => kind is EventKind.ActivityScheduled or EventKind.SleepStarted or EventKind.WaitStarted;

    private static bool IsOutcome(EventKind kind) => kind is EventKind.StepCompleted or EventKind.ActivityCompleted or EventKind.SleepCompleted
        or EventKind.SignalReceived or EventKind.SignalConsumed or EventKind.WaitTimedOut or EventKind.SideEffect or EventKind.StatePublished;

    /// <summary>What is known of one operation.</summary>
    internal sealed class Entry(OperationKind kind, string name)
    {
        public OperationKind Kind { get; } = kind;

        public string Name { get; } = name;

        /// <summary>The event that was written when it was issued, for kinds that have one.</summary>
        public EventRecord Command { get; init; }

        public EventRecord Outcome { get; set; }

        public bool HasOutcome { get; set; }
    }
}
