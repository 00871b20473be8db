using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>
/// I-20, I-21: which waits took which signals, and which of these takings still count. A wait whose record an attempt of the workflow gave up, because its code
/// took another way, gives its signal back.
/// </summary>
internal sealed class SignalTakings
{
    private readonly Dictionary<int, Record> _records = [];
    private readonly List<CommittedEvent> _attempt = [];
    private readonly RunCase _run;

    private SignalTakings(RunCase run) => _run = run;

    public static void Check(RunCase run)
    {
        var takings = new SignalTakings(run);
        foreach (var committed in run.Events)
        {
            takings._attempt.Add(committed);
            if (committed.Event.Kind is EventKind.WorkflowRetryScheduled or EventKind.RunReset) takings.EndAttempt();
        }
        takings.EndAttempt();
    }

    public static string Payload(CommittedEvent committed) => PayloadCodec.Default.Deserialize<string>(committed.Event.Data.Span)!;

    private void EndAttempt()
    {
        var gaveUp = GiveUp();
        Dictionary<string, int> last = [];
        foreach (var committed in _attempt)
        {
            var e = committed.Event;
            if (e.Operation < 0) continue;
            var signal = IsTaking(e) ? Payload(committed) : null;
            if (signal is not null && _records.FirstOrDefault(record => record.Value.Signal == signal) is { Value: not null } other)
                _run.Fail("I-20", $"the signal {signal} was taken by operation {other.Key} and again by operation {e.Operation}.");
            _records[e.Operation] = new Record(IsCarried(e), signal);
            if (signal is not null && !gaveUp) CheckOrder(committed, last);
        }
        foreach (var open in _records.Where(static record => !record.Value.Carries).Select(static record => record.Key).ToList()) _records.Remove(open);
        _attempt.Clear();
    }

    /// <summary>An attempt writes nothing for a record that it takes over; one that it writes anew is given up, with all behind it. Only state may change by itself.</summary>
    private bool GiveUp()
    {
        var first = _attempt.Where(committed => committed.Event.Kind != EventKind.StatePublished && _records.ContainsKey(committed.Event.Operation))
            .Select(static committed => committed.Event.Operation).DefaultIfEmpty(int.MaxValue).Min();
        var gone = _records.Keys.Where(number => number >= first).ToList();
        foreach (var number in gone) _records.Remove(number);
        return gone.Count > 0;
    }

    private void CheckOrder(CommittedEvent taking, Dictionary<string, int> last)
    {
        var name = taking.Event.Name;
        var at = _run.Events.Where(c => c.Event.Kind == EventKind.SignalReceived && c.Event.Name == name).ToList().FindIndex(c => Payload(c) == Payload(taking));
        if (at < last.GetValueOrDefault(name)) _run.Fail("I-21", $"signals {name} were taken in another order than they were received.");
        last[name] = at;
    }

    private static bool IsTaking(in EventRecord e) => e is { Kind: EventKind.SignalReceived, Operation: >= 0 } or { Kind: EventKind.SignalConsumed };

    /// <summary>Whether a next attempt takes the outcome over instead of asking again.</summary>
    private static bool IsCarried(in EventRecord e) => e.Kind is EventKind.StepCompleted or EventKind.ActivityCompleted or EventKind.SleepCompleted
        or EventKind.SideEffect or EventKind.StatePublished or EventKind.SignalReceived or EventKind.SignalConsumed or EventKind.SignalPeeked or EventKind.WaitTimedOut;

    private sealed record Record(bool Carries, string? Signal);
}
