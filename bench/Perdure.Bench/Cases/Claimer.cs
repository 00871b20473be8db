using System.Diagnostics;
using Perdure.Storage;

namespace Perdure.Bench.Cases;

/// <summary>A worker that claims and gives back by closing, so that what it holds stays few.</summary>
internal sealed class Claimer(IPerdureStore store, long worker)
{
    /// <summary>Room for so many runs.</summary>
    public const int Room = 10;

    private long _claim;
    private long _group;

    /// <summary>How long one claim took that must find so many runs, in stopwatch ticks.</summary>
    public async Task<long> ClaimAsync(string queue, int expected)
    {
        var (took, count) = await ClaimAsync(queue);
        return count == expected ? took : throw new InvalidOperationException($"{count} of {expected} runs were claimed.");
    }

    /// <summary>How long one claim took, in stopwatch ticks, and how many runs it found.</summary>
    public async Task<(long Took, int Count)> ClaimAsync(string queue)
    {
        var start = Stopwatch.GetTimestamp();
        var claimed = await store.ClaimRunsAsync(new RunClaim(new LaneStamp(worker, 0, _claim + 1, _claim), [queue], Room, Suspects: 1), default);
        var took = Stopwatch.GetTimestamp() - start;
        _claim++;
        if (claimed.Fenced) throw new InvalidOperationException("The worker was presumed dead.");
        if (claimed.Runs.Count == 0) return (took, 0);
        var bundles = new RunBundle[claimed.Runs.Count];
        for (var i = 0; i < bundles.Length; i++)
        {
            var row = claimed.Runs[i].Row;
            bundles[i] = new RunBundle
            {
                Run = row.Key, Term = row.Term, BaseSequence = row.Events,
                Close = new RunClose { Status = RunStatus.Completed, At = claimed.Now, Event = new EventBatch(row.Events, 1, new byte[40]) },
            };
        }
        var closed = await store.CommitGroupAsync(new RunGroup(new LaneStamp(worker, 1, _group + 1, _group), bundles), default);
        _group++;
        return closed.Verdict == GroupVerdict.Committed ? (took, bundles.Length) : throw new InvalidOperationException($"The runs were not closed: {closed.Verdict}.");
    }
}
