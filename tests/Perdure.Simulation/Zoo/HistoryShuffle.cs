using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>Rewrites a history so that neighbouring completions stand in the order of their operations.</summary>
internal static class HistoryShuffle
{
    public static IReadOnlyList<EventBatch> ByOperation(IReadOnlyList<EventBatch> history)
    {
        var events = EventCodec.ReadAll(history, out _);
        var changed = false;
        for (var i = 1; i < events.Length; i++)
        {
            if (!IsCompletion(events[i - 1]) || !IsCompletion(events[i]) || events[i - 1].Operation < events[i].Operation) continue;
            (events[i - 1], events[i]) = (events[i], events[i - 1]);
            changed = true;
        }
        if (!changed) return history;
        var writer = new ByteWriter();
        var checksum = 0u;
        for (var i = 0; i < events.Length; i++) checksum = EventCodec.Write(writer, events[i] with { Sequence = i }, checksum);
        return [new EventBatch(0, events.Length, writer.Detach())];
    }

    private static bool IsCompletion(in EventRecord e) => e.Kind is EventKind.StepCompleted or EventKind.ActivityCompleted or EventKind.SleepCompleted;
}
