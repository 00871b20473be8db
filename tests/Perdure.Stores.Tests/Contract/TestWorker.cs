using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>A worker process as a test plays it: it stamps its writes and keeps account of each lane's attempts.</summary>
internal sealed class TestWorker(IPerdureStore store, long key)
{
    private const int ControlLane = 0;

    private readonly Dictionary<int, (long Attempts, long Committed)> _lanes = [];

    public long Key => key;

    /// <summary>A fresh attempt behind the last committed one.</summary>
    public LaneStamp Stamp(int lane = 1)
    {
        var (attempts, committed) = _lanes.GetValueOrDefault(lane);
        _lanes[lane] = (attempts + 1, committed);
        return new(key, lane, attempts + 1, committed);
    }

    /// <summary>Notes that an attempt was committed.</summary>
    public void Confirm(LaneStamp stamp) => _lanes[stamp.Lane] = _lanes[stamp.Lane] with { Committed = stamp.Number };

    public async Task<GroupOutcome> CommitAsync(params RunBundle[] bundles)
    {
        var stamp = Stamp();
        var outcome = await store.CommitGroupAsync(new(stamp, bundles), Make.Never);
        if (outcome.Verdict == GroupVerdict.Committed) Confirm(stamp);
        return outcome;
    }

    /// <summary>Commits one bundle that must fit.</summary>
    public async Task<BundleOutcome> WriteAsync(RunBundle bundle)
    {
        var outcome = await CommitAsync(bundle);
        Assert.Equal((GroupVerdict.Committed, 1), (outcome.Verdict, outcome.Bundles.Count));
        return outcome.Bundles[0];
    }

    public Task<ClaimedRuns> ClaimRunsAsync(params string[] queues) => ClaimRunsAsync(limit: 100, suspects: 100, queues);

    public async Task<ClaimedRuns> ClaimRunsAsync(int limit, int suspects, params string[] queues)
    {
        var stamp = Stamp(ControlLane);
        var claimed = await store.ClaimRunsAsync(new(stamp, queues.Length == 0 ? ["default"] : queues, limit, suspects), Make.Never);
        if (!claimed.Fenced) Confirm(stamp);
        return claimed;
    }

    /// <summary>Claims the only run that is due.</summary>
    public async Task<Holding> ClaimOneAsync(params string[] queues) => Holding.Of(Assert.Single((await ClaimRunsAsync(queues)).Runs));

    public Task<ClaimedTasks> ClaimTasksAsync(int free = 100, string queue = "mail") => ClaimTasksAsync([new(queue, free)]);

    public async Task<ClaimedTasks> ClaimTasksAsync(IReadOnlyList<QueueSlots> slots, IReadOnlyList<string>? activities = null, int suspects = 100)
    {
        var stamp = Stamp(ControlLane);
        var claimed = await store.ClaimTasksAsync(new(stamp, slots, suspects, activities), Make.Never);
        if (!claimed.Fenced) Confirm(stamp);
        return claimed;
    }

    public async Task<TaskReport> CompleteAsync(params TaskCompletion[] completions)
    {
        var stamp = Stamp(ControlLane);
        var report = await store.CompleteTasksAsync(stamp, completions, Make.Never);
        if (!report.Fenced) Confirm(stamp);
        return report;
    }

    public Task<TaskPulse> BeatAsync(params TaskBeat[] beats) => store.BeatTasksAsync(key, beats, Make.Never);
}
