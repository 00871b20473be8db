using Perdure.Storage;

namespace Perdure.Bench.Engines;

/// <summary>Checks after a case that the store holds what was acknowledged: a fast engine that loses something is not fast.</summary>
internal static class Audit
{
    /// <summary>
    /// Throws unless the store holds exactly <paramref name="runs"/> completed runs with <paramref name="eventsPerRun"/> events each; null if they differ.
    /// </summary>
    public static async Task CheckAsync(IPerdureStore store, int runs, int? eventsPerRun = null)
    {
        if (store is NullStore counter)
        {
            if (counter.Events != (long)runs * eventsPerRun) throw Wrong($"{counter.Events} events", $"{(long)runs * eventsPerRun}");
            return;
        }
        var found = 0;
        await foreach (var run in ListAsync(store))
        {
            if (run.Status != RunStatus.Completed) throw Wrong($"run {run.Id} is {run.Status}", "Completed");
            // Reading every history would take longer than the case; the ends of the list and every hundredth run stand for the rest.
            if (found++ % 100 != 0 || eventsPerRun is null) continue;
            var row = await store.ReadRunAsync(new RunSelector(run.Id), CancellationToken.None);
            var history = EventCodec.ReadAll(await store.ReadHistoryAsync(row!.Key, 0, CancellationToken.None), out _);
            if (history.Length != eventsPerRun) throw Wrong($"run {run.Id} has {history.Length} events", $"{eventsPerRun}");
        }
        if (found != runs) throw Wrong($"{found} runs", $"{runs}");
    }

    public static async IAsyncEnumerable<RunSummaryRecord> ListAsync(IPerdureStore store)
    {
        RunCursor? after = null;
        do
        {
            var query = new RunQuery { Limit = PerdureDefaults.MaxListLimit, After = after };
            var page = await store.ListRunsAsync(query, CancellationToken.None);
            foreach (var run in page.Runs) yield return run;
            after = page.Next;
        }
        while (after is not null);
    }

    private static InvalidOperationException Wrong(string found, string expected) =>
        new($"The store is not what was acknowledged: {found}, expected {expected}.");
}
