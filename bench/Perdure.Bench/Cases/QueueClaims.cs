using System.Diagnostics;
using Perdure.Bench.Engines;
using Perdure.Bench.Measuring;
using Perdure.Storage;

namespace Perdure.Bench.Cases;

/// <summary>
/// What a claim of a few runs costs: from a queue that holds nothing else, and from one with a long backlog behind them, with and without limits. The claims of the two turn by
/// turn, so that both meet the same machine.
/// </summary>
internal static class QueueClaims
{
    public const int StandardBacklog = 100_000;

    private const int Claims = 200;
    private const int RunsAClaim = 10;
    private const int BirthsACall = 2000;

    /// <summary>What holds the queues back.</summary>
    public enum Rule
    {
        None,
        Limit,
        LimitAndKey,
        Ageing,
    }

    public static string NameOf(Backend backend, Rule rule) => $"{backend.Text()}: claims, {rule switch
    {
        Rule.None => "no rule",
        Rule.Limit => "limit",
        Rule.LimitAndKey => "limit and keys",
        _ => "ageing",
    }}";

    public static Case Create(Scratch scratch, Backend backend, Rule rule, int backlog) =>
        new(NameOf(backend, rule), () => MeasureAsync(scratch, backend, rule, backlog)) { Settings = [("store", backend.Text()), ("backlog", backlog), ("runsAClaim", RunsAClaim)] };

    private static async Task<Figures> MeasureAsync(Scratch scratch, Backend backend, Rule rule, int backlog)
    {
        var place = scratch.NewPlace(backend);
        var figures = new Figures();
        await using (var store = place.Open())
        {
            await store.InitializeAsync(migrate: true, default);
            foreach (var queue in new[] { "empty", "full" }) await RuleAsync(store, queue, rule);
            await StartAsync(store, "full", backlog);
            var worker = new Claimer(store, (await store.RegisterWorkerAsync(new(Guid.NewGuid(), "bench", Lanes: 1, TimeSpan.FromMinutes(10)), default)).Worker);
            var (fromEmpty, fromFull) = (new long[Claims], new long[Claims]);
            for (var i = 0; i < Claims; i++)
            {
                // As many as a claim takes, and no more: what it finds behind them is the difference.
                await StartAsync(store, "empty", RunsAClaim);
                fromEmpty[i] = await worker.ClaimAsync("empty");
                fromFull[i] = await worker.ClaimAsync("full");
            }
            figures.SetLatency("empty", fromEmpty);
            figures.SetLatency("full", fromFull);
            figures["fullToEmpty"] = figures["fullP50Ms"] / figures["emptyP50Ms"];
        }
        scratch.Remove(place);
        return figures;
    }

    private static async Task RuleAsync(IPerdureStore store, string queue, Rule rule)
    {
        // The limit is never reached: what it costs to count is measured, not what it costs to wait.
        var change = new QueueChange(queue);
        change = rule switch
        {
            Rule.Limit => change with { MaxConcurrency = int.MaxValue },
            Rule.LimitAndKey => change with { MaxConcurrency = int.MaxValue, MaxPerKey = 1_000_000 },
            Rule.Ageing => change with { AgeAfter = TimeSpan.FromSeconds(1) },
            _ => change,
        };
        if (rule != Rule.None) await store.ChangeQueueAsync(change, default);
    }

    private static async Task StartAsync(IPerdureStore store, string queue, int count)
    {
        while (count > 0)
        {
            var block = await store.ReserveKeysAsync(Math.Min(count, BirthsACall), default);
            var births = new RunBirth[block.Count];
            for (var i = 0; i < births.Length; i++)
            {
                births[i] = new RunBirth
                {
                    Key = block.First + i, Id = Guid.NewGuid().ToString("N"), Workflow = "bench", Version = 1, Queue = queue, Priority = i % 3, CreatedAt = block.Now, DueAt = block.Now,
                    InputHash = default, Input = "1"u8.ToArray(), EngineSemantics = 1, MaxCrashes = 3, Events = new EventBatch(0, 1, new byte[60]), ConcurrencyKey = i % 2 == 0 ? $"tenant {i % 100}" : null,
                };
            }
            await store.StartRunsAsync(births, default);
            count -= births.Length;
        }
    }

    /// <summary>A worker that claims and gives back by closing, so that what it holds stays few.</summary>
    private sealed class Claimer(IPerdureStore store, long worker)
    {
        private long _claim;
        private long _group;

        /// <summary>How long one claim took, in stopwatch ticks.</summary>
        public async Task<long> ClaimAsync(string queue)
        {
            var start = Stopwatch.GetTimestamp();
            var claimed = await store.ClaimRunsAsync(new RunClaim(new LaneStamp(worker, 0, _claim + 1, _claim), [queue], RunsAClaim, Suspects: 1), default);
            var took = Stopwatch.GetTimestamp() - start;
            _claim++;
            if (claimed.Fenced || claimed.Runs.Count != RunsAClaim) throw new InvalidOperationException($"{claimed.Runs.Count} of {RunsAClaim} runs were claimed.");
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
            return closed.Verdict == GroupVerdict.Committed ? took : throw new InvalidOperationException($"The runs were not closed: {closed.Verdict}.");
        }
    }
}
