using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-30: while a run stands still on an operator's order, nothing of it goes on and no step of it begins.</summary>
internal static class PauseRules
{
    public static void Check(RunCase run)
    {
        for (var i = 0; i < run.Events.Count; i++)
            if (run.Events[i].Event.Kind == EventKind.RunPaused) CheckStandsStill(run, i);
    }

    private static void CheckStandsStill(RunCase run, int index)
    {
        var lift = index + 1;
        while (lift < run.Events.Count && !LetsGoOn(run.Events[lift].Event.Kind)) lift++;
        // What lets it go on may come with messages that were sent before, which are taken with it.
        for (var i = index + 1; i < lift; i++)
        {
            // Signals that are found together with an order to end are received before it.
            if (run.Events[i].Event is { Kind: EventKind.SignalReceived, Operation: EventRecord.NoOperation }) continue;
            if (lift == run.Events.Count || run.Events[i].At != run.Events[lift].At) run.Fail("I-30", $"its event {i} is {run.Events[i].Event.Kind} while it is paused.");
        }
        var until = lift < run.Events.Count ? run.Events[lift].Order : long.MaxValue;
        foreach (var effect in run.Effects)
        {
            if (effect.Order < run.Events[index].Order || effect.Order > until || run.IsZombie(effect)) continue;
            // Activities are on their queues, where the pause of their run does not reach.
            if (run.ActOf(effect.Step) is null) continue;
            run.Fail("I-30", $"{effect.Step} (operation {effect.Operation}) began attempt {effect.Attempt} on {effect.Node.Name} while the run is paused.");
        }
    }

    private static bool LetsGoOn(EventKind kind) =>
        kind is EventKind.RunResumed or EventKind.CancelRequested or EventKind.WorkflowTerminated or EventKind.RunBlocked;
}
