using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-19, I-20, I-26: a run that is continued has exactly one successor, which has exactly the signals that nobody took.</summary>
internal static class ChainRules
{
    /// <summary>The run that went on in the place of another, or null.</summary>
    public static RunLedger? Next(Cluster cluster, RunLedger run) => run.Close is { Successor: { } successor } ? cluster.Tap.Find(successor.Id) : null;

    /// <summary>The run in whose place a run went on, or null.</summary>
    public static RunLedger? Previous(Cluster cluster, RunLedger run) => RunSettings.Read(run.Birth.Options).Continued is { } before ? cluster.Tap.Find(before.Id) : null;

    public static void Check(RunCase run)
    {
        var successors = run.Cluster.Tap.Runs.Where(other => RunSettings.Read(other.Birth.Options).Continued?.Id == run.Id).ToList();
        var expected = run.Ledger.Close is { Status: RunStatus.ContinuedAsNew } ? 1 : 0;
        if (successors.Count != expected)
        {
            run.Fail("I-26", $"it has {successors.Count} successors instead of {expected}.");
            return;
        }
        if (expected == 0) return;
        var left = new List<string>();
        foreach (var committed in run.Events)
        {
            var e = committed.Event;
            if (e.Kind == EventKind.SignalReceived && e.Operation == EventRecord.NoOperation) left.Add(e.Note!);
            else if (e.Kind == EventKind.SignalConsumed && !left.Remove(e.Note!)) run.Fail("I-20", $"its event {e.Sequence} takes a signal that is not there.");
        }
        var inherited = successors[0].Birth.Events.Count - 1;
        var first = successors[0].Events.Skip(1).Take(inherited).Select(static committed => committed.Event).ToList();
        var answered = run.Events.Where(static committed => committed.Event.Kind == EventKind.HookReceived).Select(static committed => committed.Event.Note!);
        if (first.Where(static e => e.Kind == EventKind.HookReceived).Select(static e => e.Note!).Except(answered).FirstOrDefault() is { } invented)
            run.Fail("I-20", $"its successor has the answer {invented}, which it never received.");
        // No run but the last one receives what a hook is answered that it hands on. One whose time is up is not handed on.
        var kept = run.Program.Flatten().Where(static act => act.Kind == ActKind.KeptHook).Select(static act => act.Name).ToHashSet();
        kept.ExceptWith(run.Events.Where(static committed => committed.Event.Kind == EventKind.HookExpired).Select(static committed => committed.Event.Name));
        var unread = run.Events.Where(committed => committed.Event.Kind == EventKind.HookReceived && kept.Contains(committed.Event.Name)).Select(static committed => committed.Event.Note!);
        if (unread.Except(first.Select(static e => e.Note!)).FirstOrDefault() is { } unanswered) run.Fail("I-19", $"the answer {unanswered}, which nobody received, is not with its successor.");
        var got = first.Where(static e => e.Kind == EventKind.SignalReceived).Select(static e => e.Note!).ToList();
        if (left.Except(got).FirstOrDefault() is { } lost) run.Fail("I-19", $"the signal {lost}, which nobody took, is not with its successor.");
        if (got.Except(left).FirstOrDefault() is { } doubled) run.Fail("I-20", $"its successor has the signal {doubled}, which was taken.");
        if (!left.SequenceEqual(got)) run.Fail("I-21", "its successor has its signals in another order.");
    }
}
