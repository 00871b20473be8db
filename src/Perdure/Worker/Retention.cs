using Perdure.Journal;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>
/// Deletes old closed runs now and then. Of all workers one has the turn. Each transaction is short, and is followed by a pause (<see cref="PurgePace"/>), so that the work of
/// runs is hardly delayed.
/// </summary>
internal sealed class Retention(WorkerSession session, IPerdureStore store, StoreCalls calls, RetentionPolicy policy, TimeProvider clock, Func<double> jitter)
{
    /// <summary>What the store's turns are called.</summary>
    public const string Turn = "retention";

    private const int FirstBatch = 100;

    /// <summary>A batch that takes longer is followed by a smaller one.</summary>
    private static readonly TimeSpan LongBatch = TimeSpan.FromMilliseconds(10);

    /// <summary>Workers that are started together do not ask together.</summary>
    private static readonly TimeSpan LongestFirstWait = TimeSpan.FromMinutes(1);

    private readonly PurgeRule[] _rules = RulesOf(policy);

    /// <summary>Goes on until <paramref name="stop"/> fires. Faults of the store cost a round.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var wait = (policy.Interval < LongestFirstWait ? policy.Interval : LongestFirstWait) * jitter();
        while (_rules.Length > 0)
        {
            await Task.Delay(wait, clock, stop);
            wait = policy.Interval;
            try
            {
                // Somewhat less than the interval, so that who had the last turn is not too early for the next.
                if (await calls.OnceAsync(token => store.TakeTurnAsync(Turn, policy.Interval * 0.9, token))) await RoundAsync(stop);
            }
            catch (StoreException e) when (StoreCalls.MayPass(e.Fault))
            {
                await calls.BackOffAsync(e, 1, stop);
            }
        }
    }

    private async Task RoundAsync(CancellationToken stop)
    {
        var purge = new RunPurge { Rules = _rules, Limit = Math.Min(FirstBatch, policy.BatchSize) };
        var start = clock.GetTimestamp();
        for (var deleted = 0; ;)
        {
            var began = clock.GetTimestamp();
            var page = await calls.OnceAsync(token => store.PurgeRunsAsync(purge, token));
            var took = clock.GetElapsedTime(began);
            deleted += page.Count;
            if (page.Next is null)
            {
                if (deleted > 0) session.Log.RunsDeleted(deleted);
                return;
            }
            purge = purge with { After = page.Next, Limit = took > LongBatch ? Math.Max(purge.Limit / 2, 1) : Math.Min(purge.Limit * 2, policy.BatchSize) };
            await Task.Delay(PurgePace.Pause(took, clock.GetElapsedTime(start), policy.Interval), clock, stop);
        }
    }

    private static PurgeRule[] RulesOf(RetentionPolicy policy)
    {
        var rules = new List<PurgeRule>();
        Add(RunStatus.Completed, policy.Completed);
        Add(RunStatus.ContinuedAsNew, policy.Completed);
        Add(RunStatus.Failed, policy.Failed);
        Add(RunStatus.Cancelled, policy.Cancelled);
        Add(RunStatus.TimedOut, policy.TimedOut);
        Add(RunStatus.Terminated, policy.Terminated);
        Add(RunStatus.CompensationFailed, policy.CompensationFailed);
        return [.. rules];

        void Add(RunStatus status, TimeSpan? age)
        {
            if (age is { } kept) rules.Add(new PurgeRule(status, kept));
        }
    }
}
