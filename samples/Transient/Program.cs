using Microsoft.Extensions.DependencyInjection;
using Perdure;

var price = new WorkflowDefinition<string[], decimal>("price");
var asked = new Dictionary<string, int>();
var database = Path.Combine(Path.GetTempPath(), $"perdure-transient-{Guid.NewGuid():N}.db");
var services = new ServiceCollection();
services.AddPerdure().UseSqlite($"Data Source={database}").AddWorkflow(price, async (ctx, basket) =>
{
    var total = 0m;
    foreach (var item in basket)
        total += await ctx.StepAsync($"ask for {item}", () => AskAsync(item), new() { Retry = RetryPolicy.Constant(TimeSpan.FromMilliseconds(10)) });
    return total;
});
await using var provider = services.BuildServiceProvider();
await using var engine = await PerdureEngine.StartAsync(provider);
Console.WriteLine($"Database: {database}");

// The same code twice: once on the database, once in this process's memory alone.
foreach (var isTransient in new[] { false, true })
{
    asked.Clear();
    var run = await engine.Client.StartAsync(price, ["apple", "pear"], new() { Transient = isTransient });
    var total = await run.ResultAsync();
    var stored = await engine.Client.ListAsync(new() { Workflow = price.Name });
    Console.WriteLine($"{(isTransient ? "transient" : "durable")}: {total} after {asked.Values.Sum()} questions; {stored.Runs.Count} run in the database");
}

// Whoever sells pears does not hear the first question.
Task<decimal> AskAsync(string item)
{
    asked[item] = asked.GetValueOrDefault(item) + 1;
    return item == "pear" && asked[item] == 1 ? throw new TimeoutException("No answer.") : Task.FromResult(item == "pear" ? 0.9m : 0.6m);
}
