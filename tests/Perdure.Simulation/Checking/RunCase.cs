using Perdure.Schedules;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>All that is known of one run when a world has come to rest.</summary>
internal sealed class RunCase(Cluster cluster, RunLedger ledger)
{
    public Cluster Cluster { get; } = cluster;

    public RunLedger Ledger { get; } = ledger;

    public string Id => Ledger.Id;

    /// <summary>The store's row.</summary>
    public RunRecord? Row { get; } = cluster.Read(ledger.Id);

    public IReadOnlyList<CommittedEvent> Events => Ledger.Events;

    public IReadOnlyList<Effect> Effects { get; } = [.. cluster.Effects.All.Where(effect => effect.RunId == ledger.Id)];

    public IReadOnlyList<PostOp> Posts { get; } =
        [.. cluster.Clients.SelectMany(static client => client.Log).OfType<PostOp>().Where(post => post.Message?.RunId == ledger.Id)];

    public StartOp Start { get; } = cluster.Tap.Starts.First(start => start.Birth?.Id == ledger.Id);

    public Act Program => Start.Program;

    /// <summary>Whether it keeps a schedule, and so does not execute a program.</summary>
    public bool IsSchedule => Ledger.Birth.Workflow == ScheduleWorkflow.Name;

    /// <summary>Whether its program is for the pipeline.</summary>
    public bool IsPipeline => Ledger.Birth.Workflow == PipelineWork.WorkflowName;

    /// <summary>Step names are unique in a program, so they tell the act.</summary>
    public Act? ActOf(string step) => Program.Flatten().FirstOrDefault(act => act.Kind is ActKind.Step && act.Name == step);

    public bool IsBlocked => Row is { Status: RunStatus.Blocked };

    /// <summary>Number of the workflow's attempt in which the event at <paramref name="index"/> was written.</summary>
    public int AttemptAt(int index)
    {
        for (var i = index; i >= 0; i--)
            if (Events[i].Event.Kind == EventKind.WorkflowStarted) return Math.Max(1, Events[i].Event.Attempt);
        return 1;
    }

    /// <summary>
    /// Whether a body was begun by a process that had been presumed dead in the middle of its lease, which it could not know: the store's clock had been put forward.
    /// </summary>
    public bool IsZombie(Effect effect) => Cluster.WasPutForward && Cluster.Tap.MayHaveBeenZombie(effect.Node.Name, effect.At);

    public void Fail(string rule, string what) => Cluster.World.Fail(rule, $"Run {Id} ({Start.Run}): {what}");
}
