using Perdure.Storage;
using Perdure.Worker;

namespace Perdure.Simulation;

/// <summary>
/// I-06: while the store can be reached, no run that could go on is left alone for longer than two leases, two polls and five seconds. It looks on while a world
/// comes to rest; a store clock that was put back delays by as much; time counts only while nothing at all goes on, because a worker that is busy with others is not to blame.
/// One that has no room gives back what only waits.
/// </summary>
internal sealed class StallWatch(Cluster cluster, WorkerSettings worker, TimeSpan putBack)
{
    private static readonly long Interval = TimeSpan.FromMilliseconds(250).Ticks;

    private readonly long _bound = (putBack + 2 * worker.Lease + 2 * worker.PollInterval + TimeSpan.FromSeconds(5)).Ticks;
    private long _since;
    private int _progress;

    public void Start(TimeSpan after) => cluster.World.After(after.Ticks, () =>
    {
        _since = cluster.World.Now;
        Look();
    });

    private void Look()
    {
        if (cluster.World.Violation is not null) return;
        var progress = cluster.Tap.Counts.Events + cluster.Tap.Counts.Messages + cluster.Effects.Ended;
        var run = cluster.Tap.Runs.FirstOrDefault(IsRunnable);
        if (progress != _progress || run is null || cluster.Effects.IsBusy) _since = cluster.World.Now;
        else if (cluster.World.Now - _since > _bound)
            cluster.World.Fail("I-06", $"Run {run.Id} could go on, but nothing has happened for {TimeSpan.FromTicks(_bound)}.");
        _progress = progress;
        cluster.World.After(Interval, Look);
    }

    /// <summary>Whether it has a message, a task, or an instant that has come. One that waits in memory for a retry is written as due, and its history says until when.</summary>
    private bool IsRunnable(RunLedger ledger)
    {
        if (ledger.ClosedOrder != 0 || cluster.Data.Runs.Find(ledger.Key) is not { Status: not (RunStatus.Blocked or RunStatus.Paused) } run) return false;
        // Whoever paused it may take long to be answered, and resumes it only then.
        if (run.Owner == 0 && cluster.Data.Queues.Find(run.Birth.Queue) is { Paused: true }) return false;
        if (run.Owner == 0 && cluster.HasPausedWorker) return false;
        if (!run.Inbox.IsEmpty) return true;
        if (run.Tasks is { } tasks)
            foreach (var task in tasks.Values)
                if (task.Owner == 0 && task.DueAt <= cluster.Now && !cluster.HasPausedWorker && cluster.Data.Queues.Find(task.Task.Queue) is not { Paused: true }) return true;
        return run.DueAt <= cluster.Now && !ledger.Events.Any(committed => !committed.Event.Due.IsNever && committed.Event.Due > cluster.Now);
    }
}
