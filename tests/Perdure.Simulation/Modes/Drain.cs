using Perdure.Formats;
using Perdure.Schedules;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>
/// Brings a world to rest after its faults have stopped: I-06. Within a bound every run must have ended, or wait for a signal that nobody has sent; those
/// signals are then sent, until nothing is left.
/// </summary>
internal sealed class Drain(Cluster cluster, SimClient client, TimeSpan bound)
{
    private const int Rounds = 60;

    private int _unsettled = -1;

    public void Run()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var settled = cluster.World.Run(() => cluster.Clients.All(static c => c.IsIdle) && IsSettled(), cluster.World.Now + bound.Ticks);
            if (cluster.World.Violation is not null) return;
            if (!settled && cluster.Clients.FirstOrDefault(static c => !c.IsIdle) is { } stuck)
            {
                cluster.World.Fail("I-06", $"Client {stuck.Name} got no answer within {bound} after the faults had stopped.");
                return;
            }
            var live = cluster.Tap.Runs.Where(static run => run.ClosedOrder == 0).ToList();
            if (live.Count == 0) return;
            foreach (var run in live) Push(run);
            if (cluster.World.Violation is not null) return;
        }
        cluster.World.Fail("simulator", $"The world did not come to rest in {Rounds} rounds.");
    }

    /// <summary>Whether every run has ended, or nothing but somebody from outside can bring it on.</summary>
    private bool IsSettled()
    {
        var isOver = true;
        foreach (var run in cluster.Tap.Runs)
        {
            if (run.ClosedOrder != 0) continue;
            isOver = false;
            if (!MayRest(run)) return false;
        }
        // What its histories say is looked at once after each change.
        var progress = cluster.Tap.Counts.Events + cluster.Tap.Counts.Messages;
        if (isOver || progress == _unsettled) return isOver;
        _unsettled = progress;
        return cluster.Tap.Runs.All(run => run.ClosedOrder != 0 || IsAtRest(run));
    }

    /// <summary>By its row: nothing is under way, unread or to come.</summary>
    private bool MayRest(RunLedger run) => cluster.Data.Runs.Find(run.Key) is { Inbox.IsEmpty: true, Tasks: null or { Count: 0 } } row
        && (row.Status is RunStatus.Blocked or RunStatus.Paused || row is { Status: RunStatus.Suspended, DueAt.IsNever: true });

    private bool IsAtRest(RunLedger run) => cluster.Data.Runs.Find(run.Key)!.Status != RunStatus.Suspended || run.Birth.Workflow == ScheduleWorkflow.Name || HasLiveChild(run)
        || OpenWaits(run).Count + OpenRequests(run).Count > 0;

    private bool HasLiveChild(RunLedger run) => cluster.Tap.Runs.Any(other => other.ClosedOrder == 0 && RunSettings.Read(other.Birth.Options).Parent?.Id == run.Id);

    private void Push(RunLedger run)
    {
        // Whoever waits for a child that waits itself has nothing else to wait for.
        if (HasLiveChild(run)) return;
        var row = cluster.Read(run.Id)!;
        var name = cluster.Tap.Starts.First(start => start.Birth?.Id == run.Id).Run;
        if (row.Status == RunStatus.Blocked)
        {
            var reason = System.Text.Encoding.UTF8.GetString(row.Waiting.Span);
            if (!reason.Contains("CrashLoop") && !reason.Contains("StoreRefused") && !(cluster.HasBuilds && reason.Contains("UnknownWorkflow"))) cluster.World.Fail("I-12", $"Run {run.Id} is blocked: {reason}");
            client.Do(new PostOp { Run = name, Kind = MessageKind.Resume });
            return;
        }
        if (row.Status == RunStatus.Paused)
        {
            client.Do(new PostOp { Run = name, Kind = MessageKind.Resume });
            return;
        }
        if (run.Birth.Workflow == ScheduleWorkflow.Name && cluster.Data.Runs.Find(run.Key)!.Inbox.IsEmpty)
        {
            // It has no end of its own.
            client.Do(new PostOp { Run = name, Kind = MessageKind.Cancel });
            return;
        }
        var waits = OpenWaits(run);
        var asked = OpenRequests(run);
        if (waits.Count + asked.Count == 0 || !cluster.Data.Runs.Find(run.Key)!.Inbox.IsEmpty)
        {
            cluster.World.Fail("I-06",
                $"Run {run.Id} ({name}) goes on no more, {bound} after the faults had stopped: {row.Status}, owner {row.Owner}, due {row.DueAt}, now {cluster.Now}, "
                + $"{run.Events.Count} events, inbox {(cluster.Data.Runs.Find(run.Key)!.Inbox.IsEmpty ? "empty" : "not empty")}.");
            return;
        }
        foreach (var request in asked) client.Do(new AnswerOp { Run = name, Name = request, PatienceMs = 300 });
        foreach (var signal in waits) client.Do(new PostOp { Run = name, Kind = MessageKind.Signal, Name = signal });
    }

    /// <summary>Requests that are open without a limit.</summary>
    private List<string> OpenRequests(RunLedger run) => cluster.Data.ListRequestsAsync(new RequestQuery { RunId = run.Id, State = RequestState.Pending, Limit = 100 }, default).Result
        .Requests.Where(static request => request.ExpiresAt.IsNever).Select(static request => request.Name).ToList();

    /// <summary>Signals for which the run waits without a limit.</summary>
    private static List<string> OpenWaits(RunLedger run)
    {
        var open = new SortedDictionary<int, string>();
        foreach (var committed in run.Events)
        {
            var e = committed.Event;
            if (e.Kind == EventKind.WorkflowStarted) open.Clear();
            else if (e.Kind == EventKind.WaitStarted && e.Due.IsNever) open[e.Operation] = e.Name;
            else if (e.Kind is EventKind.SignalReceived or EventKind.SignalConsumed or EventKind.WaitCancelled or EventKind.WaitTimedOut) open.Remove(e.Operation);
        }
        return [.. open.Values];
    }
}
