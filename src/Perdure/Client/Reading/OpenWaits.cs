using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>What a run waits for, as its history says: signals, hooks, and questions to people.</summary>
internal static class OpenWaits
{
    /// <summary>The event that began the oldest open wait of that name; null if there is none.</summary>
    public static EventRecord? Find(EventRecord[] history, IReadOnlyList<OpenHook>? inherited, string name)
    {
        foreach (var wait in All(history, inherited))
            if (wait.Name == name) return wait;
        return null;
    }

    /// <summary>The events that began what is waited for, in the order of the operations.</summary>
    /// <remarks>A wait that a further attempt of the workflow has given up may be among them: the run knows better, and passes an order to end it over.</remarks>
    public static IReadOnlyCollection<EventRecord> All(EventRecord[] history, IReadOnlyList<OpenHook>? inherited = null)
    {
        var answers = new HookAnswers(history, inherited);
        var open = new SortedDictionary<int, EventRecord>();
        foreach (var e in history)
        {
            switch (e.Kind)
            {
                case EventKind.WaitStarted when e.Name != EventKinds.LimitName:
                case EventKind.HookCreated when !answers.IsFull(e, e.Sequence):
                case EventKind.InputRequested:
                    open[e.Operation] = e;
                    break;
                case EventKind.SignalReceived or EventKind.WaitTimedOut or EventKind.WaitCancelled
                    or EventKind.InputProvided or EventKind.InputTimedOut or EventKind.InputCancelled or EventKind.HookExpired or EventKind.HookDisposed:
                    open.Remove(e.Operation);
                    break;
                case EventKind.HookReceived when FindFull(open.Values, answers, e) is { } full:
                    open.Remove(full);
                    break;
            }
        }
        return open.Values;
    }

    /// <summary>The operation of the open hook that an answer filled; null if it filled none.</summary>
    public static int? FindFull(IEnumerable<EventRecord> open, HookAnswers answers, in EventRecord received)
    {
        foreach (var wait in open)
            if (wait.Kind == EventKind.HookCreated && answers.IsMeantFor(wait, received) && answers.IsFull(wait, received.Sequence)) return wait.Operation;
        return null;
    }
}
