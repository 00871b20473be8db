using Microsoft.Extensions.DependencyInjection;
using Perdure;

var trip = new WorkflowDefinition<string, string>("trip");
var database = Path.Combine(Path.GetTempPath(), $"perdure-saga-{Guid.NewGuid():N}.db");
var services = new ServiceCollection();
services.AddPerdure().UseSqlite($"Data Source={database}").AddWorkflow(trip, (ctx, city) => ctx.SagaAsync(async saga =>
{
    // Each step that must not stay done alone says how it is undone, right after it has returned.
    var room = await ctx.StepAsync("book-room", () => ShowAsync($"a room in {city}"));
    saga.OnFailure("cancel-room", () => ShowAsync($"cancel {room}"));

    var seat = await ctx.StepAsync("book-seat", () => ShowAsync($"a seat to {city}"));
    saga.OnFailure("cancel-seat", () => ShowAsync($"cancel {seat}"));

    await ctx.StepAsync("charge", () => city == "Rome" ? throw new NonRetryableException("The card is declined.") : ShowAsync("charge"));
    return $"{room}, {seat}";
}));
await using var provider = services.BuildServiceProvider();
await using var engine = await PerdureEngine.StartAsync(provider);
Console.WriteLine($"Database: {database}");

foreach (var city in new[] { "Bern", "Rome" })
{
    var run = await engine.Client.StartAsync(trip, city);
    try
    {
        Console.WriteLine($"=> {await run.ResultAsync()}");
    }
    catch (RunFailedException)
    {
        var info = await run.GetAsync(RunInclude.Steps);
        Console.WriteLine($"=> {info.Status}, compensated: {info.Compensated}. {info.Error?.Message}");
        foreach (var undo in info.Compensations!) Console.WriteLine($"   {undo.Undo} of {undo.Step}: {undo.Status}");
    }
}

static Task<string> ShowAsync(string what)
{
    Console.WriteLine($"[{what}]");
    return Task.FromResult(what);
}
