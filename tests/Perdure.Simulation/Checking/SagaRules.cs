using Perdure.Formats;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-31, I-33: what a saga undoes, and in which order.</summary>
internal static class SagaRules
{
    public static void Check(RunCase run)
    {
        var commits = new Dictionary<int, Commit>();
        var recorded = new Dictionary<int, int>();
        List<int>? undone = null;
        var (attempt, open, overlap, hasFailed) = (0, 0, false, false);
        for (var i = 0; i < run.Events.Count; i++)
        {
            var e = run.Events[i].Event;
            if (IsIssued(e) && recorded.TryGetValue(e.Operation, out var writer) && writer < attempt) Supersede(e.Operation, attempt, commits, recorded);
            if (Carry.IsOutcome(e)) recorded[e.Operation] = attempt;
            switch (e.Kind)
            {
                case EventKind.WorkflowStarted:
                    attempt++;
                    (undone, open, overlap) = (null, 0, false);
                    break;
                case EventKind.StepCompleted when e.Undoes is { } operation:
                    CheckUndo(run, i, operation, commits, undone, overlap);
                    undone?.Add(operation);
                    recorded.Remove(operation);
                    break;
                case EventKind.StepCompleted:
                    commits[e.Operation] = new(e.Name, i, attempt);
                    break;
                case EventKind.CompensationStarted:
                    undone ??= [];
                    // Two sagas side by side: which of them an undo belongs to is not looked at.
                    overlap |= open++ > 0;
                    break;
                case EventKind.CompensationCompleted or EventKind.CompensationFailed:
                    if (e.Kind == EventKind.CompensationFailed) hasFailed = true;
                    else if (!overlap) CheckAllUndone(run, i, commits, undone!);
                    if (--open > 0) break;
                    foreach (var operation in undone!) commits.Remove(operation);
                    (undone, overlap) = (null, false);
                    break;
                case EventKind.RunReset:
                    hasFailed = false;
                    break;
            }
        }
        // A program that catches failures, or does other things beside its saga, may end otherwise.
        if (hasFailed && HasOneSaga(run) && !run.IsBlocked && IsOnTheWay(run.Program) && run.Row is { } row && row.Status.IsTerminal() && row.Status is not (RunStatus.CompensationFailed or RunStatus.Terminated or RunStatus.TimedOut))
            run.Fail("I-33", $"it could not undo all that it did, and is {row.Status}.");
        CheckBegun(run);
    }

    private static bool HasOneSaga(RunCase run) => run.Program.Flatten().Count(static act => act.Kind == ActKind.Saga) == 1;

    private static bool IsOnTheWay(Act act) => act.Kind == ActKind.Saga || act.Kind is ActKind.Sequence or ActKind.Guard && act.Acts.Any(IsOnTheWay);

    /// <summary>Whether an operation was issued for this event. Answers to requests and the ends of children belong to whichever attempt asked.</summary>
    private static bool IsIssued(in EventRecord e) => e.Operation != EventRecord.NoOperation && EventKinds.OperationOf(e) is not (null or OperationKind.Child) && !EventKinds.AnswersRequest(e.Kind);

    /// <summary>Code that took another way from an operation on has given up what earlier attempts recorded from there on.</summary>
    private static void Supersede(int from, int attempt, Dictionary<int, Commit> commits, Dictionary<int, int> recorded)
    {
        foreach (var (operation, commit) in commits.ToList())
            if (operation >= from && commit.Attempt < attempt) commits.Remove(operation);
        foreach (var (operation, writer) in recorded.ToList())
            if (operation >= from && writer < attempt) recorded.Remove(operation);
    }

    private static void CheckUndo(RunCase run, int position, int operation, Dictionary<int, Commit> commits, List<int>? undone, bool overlap)
    {
        var name = run.Events[position].Event.Name;
        if (undone is null) run.Fail("I-31", $"event {position}, undo {name}, stands outside a compensation.");
        else if (!commits.TryGetValue(operation, out var done)) run.Fail("I-31", $"event {position}, {name}, undoes operation {operation}, which is not recorded.");
        else if (run.ActOf(done.Name)?.Undo != name) run.Fail("I-31", $"event {position}, {name}, is not what undoes {done.Name}.");
        else if (!overlap && undone.Count > 0 && commits[undone[^1]].Position < done.Position) run.Fail("I-31", $"event {position}, {name}, undoes what was committed after what was undone before.");
    }

    private static void CheckAllUndone(RunCase run, int position, Dictionary<int, Commit> commits, List<int> undone)
    {
        // Of several sagas one may have ended well.
        if (!HasOneSaga(run)) return;
        foreach (var (operation, (name, _, _)) in commits)
            if (run.ActOf(name)?.Undo is { } undo && !undone.Contains(operation)) run.Fail("I-31", $"the compensation that ended with event {position} has left out {undo}.");
    }

    /// <summary>The next undo begins only when the one before is durable.</summary>
    private static void CheckBegun(RunCase run)
    {
        var undos = run.Program.Flatten().Where(static act => act.Undo is not null).Select(static act => act.Undo!).ToHashSet(StringComparer.Ordinal);
        foreach (var effect in run.Effects)
        {
            if (!undos.Contains(effect.Step)) continue;
            var begun = false;
            foreach (var committed in run.Events)
                if (committed.Event.Kind == EventKind.CompensationStarted && committed.Order < effect.Order) begun = true;
            if (!begun) run.Fail("I-31", $"{effect.Step} began before it was recorded that the saga is undone.");
        }
    }

    /// <summary>A step that was done: its name, where it stands in the history, and which attempt of the workflow did it.</summary>
    private readonly record struct Commit(string Name, int Position, int Attempt);
}
