namespace Perdure.Simulation;

/// <summary>Everything that must hold when a world has come to rest.</summary>
internal static class Checker
{
    public static void Check(Cluster cluster)
    {
        foreach (var node in cluster.Nodes)
            if (node.Worker.Broken is { } reason) cluster.World.Fail("I-36", $"Worker {node.Name} gave up its store: {reason.Message}");
        StartRules.Check(cluster);
        foreach (var ledger in cluster.Tap.Runs)
        {
            var run = new RunCase(cluster, ledger);
            HistoryRules.Check(run);
            EffectRules.Check(run);
            MessageRules.Check(run);
            CancelRules.Check(run);
            ReplayRules.Check(run);
            ResultRules.Check(run);
            if (cluster.World.Violation is not null) return;
        }
    }
}
