namespace Perdure.Simulation;

/// <summary>Everything that must hold when a world has come to rest.</summary>
internal static class Checker
{
    /// <summary>A run may be stranded because its start, or a message or an answer to it, was lost: then that is the promise that was broken.</summary>
    public static void LookForCause(Cluster cluster) => cluster.World.LookForCause("I-06", () =>
    {
        StartRules.Check(cluster);
        foreach (var ledger in cluster.Tap.Runs)
        {
            var run = new RunCase(cluster, ledger);
            MessageRules.Check(run);
            RequestRules.Check(run);
            ChainRules.Check(run);
        }
    });

    public static void Check(Cluster cluster)
    {
        foreach (var node in cluster.Nodes)
            if (node.Worker.Broken is { } reason) cluster.World.Fail("I-36", $"Worker {node.Name} gave up its store: {reason.Message}");
        StartRules.Check(cluster);
        foreach (var ledger in cluster.Tap.Runs)
        {
            var run = new RunCase(cluster, ledger);
            HistoryRules.Check(run);
            if (run.IsSchedule) ScheduleRules.Check(run);
            WatchRules.Check(run);
            EffectRules.Check(run);
            CheckpointRules.Check(run);
            MessageRules.Check(run);
            RequestRules.Check(run);
            WaitRules.Check(run);
            CancelRules.Check(run);
            PauseRules.Check(run);
            WithdrawalRules.Check(run);
            SagaRules.Check(run);
            DataRules.Check(run);
            ChildRules.Check(run);
            ChainRules.Check(run);
            ReplayRules.Check(run);
            if (run.IsPipeline) PipelineRules.Check(run);
            else if (!run.IsSchedule)
            {
                QueryRules.Check(run);
                ResultRules.Check(run);
                KeptHookRules.Check(run);
            }
            if (cluster.World.Violation is not null) return;
        }
    }
}
