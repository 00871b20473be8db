namespace Perdure.Torture.Adapter.Dumps;

/// <summary>A run and its history at one moment.</summary>
internal sealed record RunSnapshot(RunInfo Run, IReadOnlyList<HistoryEvent> History)
{
    /// <summary>Reads until nothing has moved between the row and the history. Runs are independent of each other, so that is one state of the whole.</summary>
    public static async Task<RunSnapshot> ReadAsync(IPerdureClient client, string id)
    {
        while (true)
        {
            var before = await client.GetAsync(id);
            var history = await client.GetHistoryAsync(id);
            if (before.Status.IsTerminal()) return new RunSnapshot(before, history);
            var after = await client.GetAsync(id);
            var again = await client.GetHistoryAsync(id);
            if (before.UpdatedAt == after.UpdatedAt && before.Status == after.Status && history.Count == again.Count) return new RunSnapshot(after, again);
        }
    }
}
