using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>What a run waits for, as its history says: signals, hooks, and questions to people.</summary>
internal static class OpenWaits
{
    /// <summary>The event that began the oldest open wait of that name; null if there is none.</summary>
    public static EventRecord? Find(EventRecord[] history, string name)
    {
        foreach (var wait in All(history))
            if (wait.Name == name) return wait;
        return null;
    }

    /// <summary>The events that began what is waited for, in the order of the operations.</summary>
    /// <remarks>A wait that a further attempt of the workflow has given up may be among them: the run knows better, and passes an order to end it over.</remarks>
    public static IReadOnlyCollection<EventRecord> All(EventRecord[] history)
    {
        var open = new SortedDictionary<int, EventRecord>();
        foreach (var e in history)
        {
            switch (e.Kind)
            {
                case EventKind.WaitStarted when e.Name != EventKinds.LimitName:
                case EventKind.InputRequested or EventKind.HookCreated:
                    open[e.Operation] = e;
                    break;
                case EventKind.SignalReceived or EventKind.WaitTimedOut or EventKind.WaitCancelled
                    or EventKind.InputProvided or EventKind.InputTimedOut or EventKind.InputCancelled or EventKind.HookExpired or EventKind.HookDisposed:
                    open.Remove(e.Operation);
                    break;
                case EventKind.HookReceived when open.TryGetValue(e.Operation, out var hook) && IsLastAnswer(history, hook, e):
                    open.Remove(e.Operation);
                    break;
            }
        }
        return open.Values;
    }

    /// <summary>Whether a hook had got all its answers with this one.</summary>
    public static bool IsLastAnswer(EventRecord[] history, in EventRecord hook, in EventRecord received) => Receipts(history, received) == RunJson.ReadHook(hook.Data).MaxReceipts;

    /// <summary>How many answers a hook had got with this one.</summary>
    private static int Receipts(EventRecord[] history, in EventRecord received)
    {
        var (operation, request) = (RequestAnswerJson.OperationOf(received.Data), RequestAnswerJson.RequestOf(received.Data));
        var count = 0;
        for (var i = 0; i <= received.Sequence; i++)
            if (history[i].Kind == EventKind.HookReceived && RequestAnswerJson.RequestOf(history[i].Data) == request && RequestAnswerJson.OperationOf(history[i].Data) == operation) count++;
        return count;
    }
}
