namespace Perdure.Tests.Docs.Snippets.Data;

// snippet
[Workflow("import")]
public sealed class ImportWorkflow : Workflow<string[]>
{
    public static readonly WorkflowDefinition<string[]> Definition = new("import");

    public override async Task RunAsync(WorkflowContext ctx, string[] files)
    {
        ctx.Data.Put(new { source = "nightly", total = files.Length });
        foreach (var file in files)
        {
            var rows = await ctx.StepAsync("read", () => Files.CountRowsAsync(file));
            ctx.Data.Increment("rows", rows);
            ctx.Data.Append("done", file);
        }
        await ctx.StepAsync("report", (IMail mail, StepInfo step, CancellationToken ct) =>
            mail.SendAsync("ops@example.org", $"{step.Data.Get<int>("rows")} rows", ct));
    }
}
// end

internal static class Files
{
    public static Task<int> CountRowsAsync(string file) => Task.FromResult(file.Length);
}

internal static class Operations
{
    public static void Write(WorkflowContext ctx)
    {
        // snippet
        ctx.Data.Put("order", "o-1");                                        // one key
        ctx.Data.Put(new { status = "open", customer = new { name = "Ann" } }); // a key for each member
        ctx.Data.Merge(new { customer = new { city = "Bern" } });            // objects are merged at any depth
        ctx.Data.Update<int>("tries", tries => tries + 1);                   // a missing key is the type's default
        ctx.Data.Update("limit", 10, limit => limit * 2);                    // or this one
        ctx.Data.Append("log", "opened");                                    // a missing key becomes a list of one
        ctx.Data.Increment("count");                                         // a missing key counts as 0
        ctx.Data.Remove("order");
        var status = ctx.Data.Get("status", "unknown");
        // end
        _ = status;
    }

    public static async Task<int> ReadAsync(IPerdureClient client, string runId)
    {
        // snippet
        var run = await client.GetAsync(runId);
        var rows = run.Data.Get<int>("rows");
        foreach (var (key, value) in run.Data.All) Console.WriteLine($"{key} = {value}");
        // end
        return rows;
    }
}
