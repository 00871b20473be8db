namespace Perdure.Torture.Adapter.Dumps;

/// <summary>A run at one moment: with those that went on in its place, each with its history.</summary>
/// <param name="Generations">In order; never empty.</param>
internal sealed record RunSnapshot(IReadOnlyList<RunGeneration> Generations)
{
    public RunInfo First => Generations[0].Run;

    public RunInfo Last => Generations[^1].Run;

    public static async Task<RunSnapshot> ReadAsync(IPerdureClient client, string id)
    {
        var generations = new List<RunGeneration>();
        for (string? next = id; next is not null; next = generations[^1].Run.ContinuedAs) generations.Add(await ReadOneAsync(client, next));
        return new RunSnapshot(generations);
    }

    /// <summary>Reads until nothing has moved between the row and the history. Runs are independent of each other, so that is one state of the whole.</summary>
    private static async Task<RunGeneration> ReadOneAsync(IPerdureClient client, string id)
    {
        while (true)
        {
            var before = await client.GetAsync(id);
            var history = await client.GetHistoryAsync(id);
            if (before.Status.IsTerminal()) return new RunGeneration(before, history);
            var after = await client.GetAsync(id);
            var again = await client.GetHistoryAsync(id);
            if (before.UpdatedAt == after.UpdatedAt && before.Status == after.Status && history.Count == again.Count) return new RunGeneration(after, again);
        }
    }
}
