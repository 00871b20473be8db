using Microsoft.Extensions.DependencyInjection;
using Perdure;

var quote = new ActivityDefinition<string, decimal>("quote", new() { Retry = RetryPolicy.None });
var best = new WorkflowDefinition<string[], string>("best-offer");
var all = new WorkflowDefinition<string[], string>("all-offers");
var database = Path.Combine(Path.GetTempPath(), $"perdure-fanout-{Guid.NewGuid():N}.db");
var services = new ServiceCollection();
services.AddPerdure().UseSqlite($"Data Source={database}")
    .AddActivity(quote.Name, (string carrier) => carrier.StartsWith("broken", StringComparison.Ordinal)
        ? throw new InvalidOperationException($"{carrier} does not answer.")
        : Task.FromResult(100m + carrier.Length))
    .AddWorkflow(best, async (ctx, carriers) =>
    {
        // Over as soon as half of them have answered; what is still under way is cancelled.
        var offers = await ctx.FanOutAsync(carriers, quote, new() { Strategy = FanOutStrategy.Threshold(0.5), MaxConcurrent = 2 });
        return offers.IsDoomed ? "too few answers" : $"best offer: {offers.Values.Min()}";
    })
    .AddWorkflow(all, async (ctx, carriers) =>
    {
        var offers = await ctx.FanOutAsync(carriers, quote, new() { Strategy = FanOutStrategy.CollectAll });
        return $"{offers.SuccessCount} of {offers.Total} answered, {offers.FailedCount} did not";
    });
await using var provider = services.BuildServiceProvider();
await using var engine = await PerdureEngine.StartAsync(provider);
Console.WriteLine($"Database: {database}");

string[] carriers = ["by sea", "by rail", "broken truck", "by air"];
Console.WriteLine(await engine.Client.RunAsync(all, carriers));
Console.WriteLine(await engine.Client.RunAsync(best, carriers));
Console.WriteLine(await engine.Client.RunAsync(best, ["broken cart", "broken boat", "by foot"]));
