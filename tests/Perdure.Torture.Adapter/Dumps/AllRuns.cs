using Perdure.Torture.Adapter.Clients;
using Perdure.Torture.Adapter.Interpretation;

namespace Perdure.Torture.Adapter.Dumps;

/// <summary>Every run of the test, as the world outside knows them: what went on in another's place is a part of that.</summary>
internal sealed class AllRuns(IPerdureClient client)
{
    /// <summary>Which id stands for the run of an id.</summary>
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    /// <summary>The runs, oldest first.</summary>
    public async IAsyncEnumerable<RunSnapshot> ReadAsync()
    {
        foreach (var id in await IdsAsync(client, TortureWorkflow.Definition.Name))
        {
            if (_known.ContainsKey(id)) continue;
            var run = await RunSnapshot.ReadAsync(client, id);
            // The list may have begun behind the start of a chain, while this was going on.
            if (run.First.ContinuedFrom is not null) continue;
            foreach (var generation in run.Generations) _known[generation.Run.Id] = id;
            yield return run;
        }
    }

    /// <summary>The id under which the world outside knows a run.</summary>
    public async Task<string> OutsideIdAsync(string id) => _known.TryGetValue(id, out var known) ? known : _known[id] = await Chains.IdOfAsync(client, id);

    /// <summary>Ids of all runs of a workflow, oldest first.</summary>
    public static async Task<IReadOnlyList<string>> IdsAsync(IPerdureClient client, string workflow)
    {
        var ids = new List<string>();
        string? after = null;
        do
        {
            var page = await client.ListAsync(new RunFilter { Workflow = workflow, Limit = PerdureDefaults.MaxListLimit, After = after });
            foreach (var run in page.Runs) ids.Add(run.Id);
            after = page.Next;
        }
        while (after is not null);
        ids.Reverse();
        return ids;
    }
}
