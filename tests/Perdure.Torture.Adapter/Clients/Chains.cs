namespace Perdure.Torture.Adapter.Clients;

/// <summary>The runs of a chain that goes on as new have one id for the world outside: that of the first.</summary>
internal static class Chains
{
    /// <summary>Where the run stands that an id means.</summary>
    public static async Task<RunInfo> ReadLastAsync(IPerdureClient client, string id)
    {
        var run = await client.GetAsync(id);
        while (run.ContinuedAs is { } next) run = await client.GetAsync(next);
        return run;
    }

    /// <summary>The id under which the world outside knows a run.</summary>
    public static async Task<string> IdOfAsync(IPerdureClient client, string id) => (await client.GetChainAsync(id))[0].Id;
}
