using Microsoft.Extensions.DependencyInjection;
using Perdure;

var refund = new WorkflowDefinition<decimal, string>("refund");
var database = Path.Combine(Path.GetTempPath(), $"perdure-approval-{Guid.NewGuid():N}.db");
var services = new ServiceCollection();
services.AddPerdure().UseSqlite($"Data Source={database}").AddWorkflow(refund, async (ctx, amount) =>
{
    // Nobody answers for a second: then the answer is no.
    var approved = await ctx.RequestApprovalAsync("approve", $"Refund {amount}?", new() { Timeout = TimeSpan.FromSeconds(1), DefaultValue = false, Assignee = "finance" });
    if (!approved) return $"{amount} refused";
    var way = await ctx.RequestChoiceAsync("way", "How is it paid?", ["card", "voucher"]);
    return $"{amount} by {way}";
});
await using var provider = services.BuildServiceProvider();
await using var engine = await PerdureEngine.StartAsync(provider);
var client = engine.Client;
Console.WriteLine($"Database: {database}");

var run = await client.StartAsync(refund, 20m);
var question = await OpenAsync(run.Id);
Console.WriteLine($"{question.Assignee}: {question.Prompt}");
await client.ProvideInputAsync(run.Id, "approve", true, by: "ann");

question = await OpenAsync(run.Id);
Console.WriteLine($"{question.Prompt}");
try
{
    await client.ProvideInputAsync(run.Id, "way", "cash", by: "ann");
}
catch (InputValidationException)
{
    Console.WriteLine("cash is refused, and the question stays open");
}
await client.ProvideInputAsync(run.Id, "way", "voucher", by: "ann");
Console.WriteLine($"=> {await run.ResultAsync()}");

Console.WriteLine($"=> {await client.RunAsync(refund, 5000m)}, because nobody answered");

// What waits for people, as a list in an office would show it.
async Task<InputInfo> OpenAsync(string runId)
{
    while (true)
    {
        var open = await client.ListInputsAsync(new() { RunId = runId });
        if (open.Inputs is [var first, ..]) return first;
        await Task.Delay(10);
    }
}
