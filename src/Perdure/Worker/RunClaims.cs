using Perdure.Journal;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>
/// Takes due runs as far as there is room for them: in memory, and, for queues of which this worker has only so many runs at a time, among those. A worker without room
/// gives back what only waits, if work is there that does not. Used by the control loop alone.
/// </summary>
internal sealed class RunClaims(WorkerSession session, IPerdureStore store, ControlLane lane, TimeProvider clock)
{
    /// <summary>A part of all runs in memory that is given back at once at most: so many that a wave of due runs gets in, so few that the others stay warm.</summary>
    private const int ShareGivenBack = 16;

    /// <summary>How long those that were asked to leave may take for it before others are asked.</summary>
    private static readonly TimeSpan TimeToLeave = TimeSpan.FromMilliseconds(100);

    private volatile bool _isOver;
    private readonly string[] _open = [.. session.Settings.RunQueues.Where(queue => session.Slots?.Find(queue) is null)];
    private int _batch = session.Settings.ClaimBatch;
    private int _taken;
    private IReadOnlyList<RunActor> _leaving = [];
    private long _askedToLeave;

    /// <summary>How many runs were claimed.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>From now on nothing is asked for. Thread safe.</summary>
    public void Stop() => _isOver = true;

    /// <summary>Claims once; answers when the next run is due that could be taken then, as far as it has learned. Null: the worker is dead.</summary>
    public async Task<Instant?> ClaimAsync(CancellationToken stop)
    {
        var next = Instant.Never;
        // Those with a limit come first: they take so many at most, and leave the rest of the room to the others.
        if (session.Slots is { } limited)
        {
            foreach (var queue in limited.Queues)
            {
                var slots = queue.Take(Math.Min(_batch, session.Residents.Room));
                if (slots == 0) continue;
                if (await ClaimAsync([queue.Queue], slots, stop) is not { } claimed) return null;
                var left = slots;
                foreach (var run in claimed.Runs)
                {
                    // One that nobody took in time comes past all limits, from any queue, and only to be ended.
                    var counts = run.Row.Status != RunStatus.Pending;
                    if (counts) left--;
                    session.Adopt(run, counts ? queue : null);
                }
                queue.Free(left);
                if (!queue.IsFull()) next = Instant.Min(next, claimed.NextDue);
            }
        }
        var limit = Math.Min(_batch, session.Residents.Room);
        if (limit <= 0) return await MakeRoomAsync(stop) is { } room ? Instant.Min(next, room) : null;
        if (await ClaimAsync(_open, limit, stop) is not { } open) return null;
        foreach (var run in open.Runs) session.Adopt(run);
        _batch = open.Runs.Count < limit ? session.Settings.ClaimBatch : Math.Max(_batch, Math.Min(_batch * 2, WorkerSettings.LargestClaimBatch));
        return Instant.Min(next, open.NextDue);
    }

    private async Task<ClaimedRuns?> ClaimAsync(IReadOnlyList<string> queues, int limit, CancellationToken stop)
    {
        // Between the claim for one queue and that for the next the worker may have been told to stop, or to take nothing.
        if (_isOver || session.IsPaused) return Nothing(session.Now);
        var suspects = session.Suspects.Free;
        var asked = clock.GetTimestamp();
        var claimed = await lane.CallAsync(
            (stamp, token) => store.ClaimRunsAsync(new RunClaim(stamp, queues, limit, suspects), token),
            (number, token) => store.RecallRunClaimAsync(session.Worker, number, token),
            static answer => answer.Fenced, stop);
        if (claimed.Fenced) return null;
        session.Heard(claimed.Now, asked);
        session.Heed(claimed.Orders);
        Interlocked.Add(ref _taken, claimed.Runs.Count);
        return claimed;
    }

    private static ClaimedRuns Nothing(Instant now) => new(Fenced: false, [], Instant.Never, now);

    /// <summary>
    /// Memory is full. If runs are due that could be taken, those that have waited here for longest are given back; that they have left is told, and claims go on then.
    /// </summary>
    private async Task<Instant?> MakeRoomAsync(CancellationToken stop)
    {
        session.Residents.WantRoom();
        // The run that left just before did not know that somebody wants its room.
        if (session.Residents.Room > 0) return Instant.Earliest;
        if (_leaving.Any(run => session.Residents.Find(run.Key) == run) && clock.GetElapsedTime(_askedToLeave) < TimeToLeave) return session.Now.Add(TimeToLeave);
        var resting = session.Residents.FindResting(Math.Clamp(session.Settings.MaxResidentRuns / ShareGivenBack, 1, _batch));
        if (resting.Count == 0) return Instant.Never;
        // A claim of nothing takes nothing, and tells what is due.
        string[] queues = session.Slots is { } limited ? [.. _open, .. limited.Queues.Where(static queue => !queue.IsFull()).Select(static queue => queue.Queue)] : _open;
        if (await ClaimAsync(queues, limit: 0, stop) is not { } waiting) return null;
        if (waiting.NextDue > waiting.Now) return waiting.NextDue;
        if (session.Residents.Room > 0) return Instant.Earliest;
        (_leaving, _askedToLeave) = (resting, clock.GetTimestamp());
        foreach (var run in resting) run.PostAside(new RunMail(RunMailKind.Idle));
        return Instant.Never;
    }
}
