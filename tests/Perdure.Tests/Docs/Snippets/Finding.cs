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

    public static async Task ChildrenAsync(IPerdureClient client, string runId)
    {
        // snippet
        var run = await client.GetAsync(runId, RunInclude.Children);
        foreach (var (status, count) in run.ChildCounts!) Console.WriteLine($"{count} {status}");
        foreach (var child in run.Children!) Console.WriteLine($"{child.Id} {child.Workflow} {child.Status}");
        // end
    }

    public static async Task CancelAsync(IPerdureClient client, CancellationToken stop)
    {
        // snippet
        var filter = new RunFilter { Workflow = "order", Tags = new Dictionary<string, string?> { ["city"] = "Bern" } };
        var look = await client.BulkAsync(BulkAct.Cancel, filter, new() { DryRun = true }, stop);
        Console.WriteLine($"{look.Found} runs: {string.Join(", ", look.First)}");

        var report = await client.BulkAsync(BulkAct.Cancel, filter, new() { Reason = "the shop is closed", PerSecond = 50 }, stop);
        Console.WriteLine($"{report.Done} told to stop");
        foreach (var (reason, count) in report.Skipped) Console.WriteLine($"{count} left alone: {reason}");
        // end
    }
}
