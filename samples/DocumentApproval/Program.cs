using Microsoft.Extensions.DependencyInjection;
using Perdure;
using Perdure.Samples.DocumentApproval;

var database = Path.Combine(Path.GetTempPath(), $"perdure-documents-{Guid.NewGuid():N}.db");
var services = new ServiceCollection();
services.AddPerdure().UseSqlite($"Data Source={database}").AddPipeline(Approvals.Publish);
await using var provider = services.BuildServiceProvider();
await using var engine = await PerdureEngine.StartAsync(provider);
var client = engine.Client;
Console.WriteLine($"Database: {database}");

await ShowAsync(new Document("Cafeteria menu"), null);
await ShowAsync(new Document("Price list", "money"), true);
await ShowAsync(new Document("Letter to a rival", "law", "money"), false);

async Task ShowAsync(Document document, bool? says)
{
    Console.WriteLine(document.Title);
    var run = await client.StartAsync(Approvals.Publish.Workflow, document);
    if (says is { } answer)
    {
        var question = await QuestionAsync(run.Id);
        Console.WriteLine($"  {question.Prompt} {(answer ? "Yes" : "No")}, says the {question.Assignee}.");
        await client.ProvideInputAsync(run.Id, question.Name, answer, by: "editor");
    }
    try
    {
        await run.WaitAsync();
        Console.WriteLine("  published");
    }
    catch (RunFailedException)
    {
        Console.WriteLine($"  not published: {(await run.GetAsync()).Error!.Message}");
    }
}

async Task<InputInfo> QuestionAsync(string runId)
{
    while (true)
    {
        var open = await client.ListInputsAsync(new() { RunId = runId });
        if (open.Inputs is [var first, ..]) return first;
        await Task.Delay(10);
    }
}
