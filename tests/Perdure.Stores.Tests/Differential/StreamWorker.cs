using Perdure.Storage;

namespace Perdure.Stores.Tests.Differential;

/// <summary>
/// A worker process as the stream plays it, with what it believes to own. After its death it goes on as a zombie that has not noticed.
/// </summary>
internal sealed class StreamWorker(long key, IReadOnlyList<WorkflowCode>? codes)
{
    private readonly Dictionary<int, (long Attempts, long Committed)> _lanes = [];

    public long Key => key;

    /// <summary>What it says that it has code for; null for all.</summary>
    public IReadOnlyList<WorkflowCode>? Codes => codes;

    public SortedDictionary<long, StreamRun> Runs { get; } = [];

    public List<TaskAttempt> Tasks { get; } = [];

    public LaneStamp Stamp(int lane)
    {
        var (attempts, committed) = _lanes.GetValueOrDefault(lane);
        _lanes[lane] = (attempts + 1, committed);
        return new(key, lane, attempts + 1, committed);
    }

    public void Confirm(LaneStamp stamp) => _lanes[stamp.Lane] = _lanes[stamp.Lane] with { Committed = stamp.Number };
}
