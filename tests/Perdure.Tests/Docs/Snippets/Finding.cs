namespace Perdure.Tests.Docs.Snippets;

internal static class Finding
{
    public static async Task ListAsync(IPerdureClient client)
    {
        // snippet
        var filter = new RunFilter { Statuses = [RunStatus.Failed], ClosedFrom = DateTimeOffset.UtcNow.AddDays(-1), Text = "invoice" };
        RunList page;
        do
        {
            page = await client.ListAsync(filter);
            foreach (var run in page.Runs) Console.WriteLine($"{run.Id} {run.Workflow} {run.ClosedAt}");
            filter = filter with { After = page.Next };
        }
        while (page.Next is not null);
        // end
    }
}
