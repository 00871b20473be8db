using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-01, I-02, I-03: what clients were told of their starts.</summary>
internal static class StartRules
{
    public static void Check(Cluster cluster)
    {
        var starts = cluster.Clients.SelectMany(static client => client.Log).OfType<StartOp>().ToList();
        foreach (var start in starts.Where(static start => start.IsAcked)) CheckAcked(cluster, start);
        foreach (var keyed in starts.Where(static start => start is { IsAcked: true, StartKey: not null }).GroupBy(static start => start.StartKey))
        {
            var told = keyed.Where(static start => start.Outcome.Verdict is BirthVerdict.Created or BirthVerdict.Existing).Select(static start => start.RunId).Distinct().ToList();
            // Where a key becomes free, the store's tap has seen at each creation that it was.
            if (told.Count > 1 && keyed.All(static start => start.KeyTtlMs == 0)) cluster.World.Fail("I-03", $"Starts with key {keyed.Key} were answered with the runs {string.Join(", ", told)}.");
        }
    }

    private static void CheckAcked(Cluster cluster, StartOp start)
    {
        if (start.Outcome.Verdict is BirthVerdict.KeyConflict)
        {
            if (start.StartKey is null && start.ChosenId is null) cluster.World.Fail("I-03", $"A start without key was answered with a conflict: {start.Birth!.Id}.");
            return;
        }
        if (cluster.Read(start.RunId) is not { } row)
        {
            cluster.World.Fail("I-01", $"The start of {start.RunId} was acked ({start.Outcome.Verdict}), but there is no such run.");
            return;
        }
        if (!row.Input.Span.SequenceEqual(start.Birth!.Input.Span)) cluster.World.Fail("I-03", $"The start of {start.RunId} was answered with a run of another input.");
        if (cluster.Tap.Find(start.RunId) is not { Events: [{ Event.Kind: EventKind.WorkflowStarted }, ..] })
            cluster.World.Fail("I-02", $"Run {start.RunId} was not born whole.");
    }
}
