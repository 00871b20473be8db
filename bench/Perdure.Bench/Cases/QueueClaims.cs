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
    private const int RunsAClaim = Claimer.Room;

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
            await Backlog.StartAsync(store, "full", backlog);
            var worker = new Claimer(store, (await store.RegisterWorkerAsync(new(Guid.NewGuid(), "bench", Lanes: 1, TimeSpan.FromMinutes(10)), default)).Worker);
            var (fromEmpty, fromFull) = (new long[Claims], new long[Claims]);
            for (var i = 0; i < Claims; i++)
            {
                // As many as a claim takes, and no more: what it finds behind them is the difference.
                await Backlog.StartAsync(store, "empty", RunsAClaim);
                fromEmpty[i] = await worker.ClaimAsync("empty", RunsAClaim);
                fromFull[i] = await worker.ClaimAsync("full", RunsAClaim);
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
}
