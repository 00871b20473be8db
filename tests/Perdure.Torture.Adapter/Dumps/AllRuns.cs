using Perdure.Torture.Adapter.Interpretation;

namespace Perdure.Torture.Adapter.Dumps;

/// <summary>Every run of the test.</summary>
internal static class AllRuns
{
    /// <summary>Ids, oldest first.</summary>
    public static async Task<IReadOnlyList<string>> IdsAsync(IPerdureClient client)
    {
        var ids = new List<string>();
        string? after = null;
        do
        {
            var page = await client.ListAsync(new RunFilter { Workflow = TortureWorkflow.Definition.Name, Limit = PerdureDefaults.MaxListLimit, After = after });
            foreach (var run in page.Runs) ids.Add(run.Id);
            after = page.Next;
        }
        while (after is not null);
        ids.Reverse();
        return ids;
    }
}
