using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Which signals of a history nobody took.</summary>
internal static class SignalReader
{
    public static IReadOnlyList<PendingSignal> Read(EventRecord[] history)
    {
        var pending = new List<PendingSignal>();
        foreach (var e in history)
        {
            if (e.Kind == EventKind.SignalReceived && e.Operation == EventRecord.NoOperation)
                pending.Add(new PendingSignal(e.Name, StoredJson.Read(e.Data), e.At.ToDateTimeOffset(), e.Note ?? ""));
            else if (e.Kind == EventKind.SignalConsumed)
            {
                // Waits take the oldest of a name.
                var name = e.Name;
                var taken = pending.FindIndex(signal => signal.Name == name);
                if (taken >= 0) pending.RemoveAt(taken);
            }
        }
        return pending;
    }
}
