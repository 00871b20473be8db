namespace Perdure.Cli.Input;

/// <summary>Runs by the beginning of their id.</summary>
internal static class RunIds
{
    private const int Shown = 5;

    /// <summary>Does something to a run. If there is none of that id, but exactly one whose id begins so, that one is meant.</summary>
    /// <exception cref="RunNotFoundException">There is none.</exception>
    /// <exception cref="UsageException">There are several.</exception>
    public static async Task<T> ActAsync<T>(IPerdureClient client, string given, Func<RunHandle, Task<T>> act, CancellationToken stop)
    {
        try
        {
            return await act(client.Handle(given));
        }
        catch (RunNotFoundException)
        {
            if (await FindAsync(client, given, stop) is not { } id) throw;
            return await act(client.Handle(id));
        }
    }

    private static async Task<string?> FindAsync(IPerdureClient client, string prefix, CancellationToken stop)
    {
        var page = await client.ListAsync(new RunFilter { IdPrefix = prefix, Limit = Shown + 1 }, stop);
        if (page.Runs.Count <= 1) return page.Runs.Count == 0 ? null : page.Runs[0].Id;
        var ids = string.Join(", ", page.Runs.Take(Shown).Select(static run => run.Id));
        throw new UsageException($"Several runs begin with '{prefix}': {ids}{(page.Runs.Count > Shown ? ", …" : "")}. Give more of the id.");
    }
}
