using Perdure.Formats;

namespace Perdure.Simulation;

/// <summary>I-13: who follows a run is given its history, without gaps, and nothing that is not in it.</summary>
internal static class WatchRules
{
    public static void Check(RunCase run)
    {
        foreach (var watch in run.Cluster.Clients.SelectMany(static client => client.Log).OfType<WatchOp>())
        {
            if (watch.Run != run.Start.Run || run.Cluster.Tap.FindStart(watch.Run)?.RunId != run.Id) continue;
            for (var i = 0; i < watch.Given.Count; i++)
            {
                var given = watch.Given[i];
                if (given.Sequence != i) run.Fail("I-13", $"who watched it was given event {given.Sequence} in the place of {i}.");
                if (i >= run.Events.Count || run.Events[i].Event is var stored && (stored.Kind, stored.Operation, stored.Note, stored.At) != (given.Kind, given.Operation, given.Note, given.At))
                    run.Fail("I-13", $"who watched it was given {given.Kind} as event {i}, which its history has not.");
            }
            if (watch.ReachedTheEnd && (watch.Given.Count == 0 || !EventKinds.IsEnd(watch.Given[^1].Kind))) run.Fail("I-13", "who watched it to its end was not given its end.");
        }
    }
}
