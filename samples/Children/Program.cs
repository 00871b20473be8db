using Microsoft.Extensions.DependencyInjection;
using Perdure;

var book = new WorkflowDefinition<string, string>("book");
var trip = new WorkflowDefinition<string, string>("trip");
var database = Path.Combine(Path.GetTempPath(), $"perdure-children-{Guid.NewGuid():N}.db");
var services = new ServiceCollection();
services.AddPerdure().UseSqlite($"Data Source={database}")
    .AddWorkflow(book, async (ctx, what) => what == "balloon"
        ? throw new WorkflowFailureException("no-wind", "There is no wind.")
        : await ctx.StepAsync("reserve", () => Task.FromResult($"{what} booked")))
    .AddWorkflow(trip, async (ctx, _) =>
    {
        // Two children side by side; each is a run of its own, with its own history.
        var (room, seat) = await ctx.WhenAllAsync(ctx.ChildAsync(book, "room"), ctx.ChildAsync(book, "seat"));
        try
        {
            return $"{room}, {seat}, {await ctx.ChildAsync(book, "balloon")}";
        }
        catch (ChildWorkflowException e) when (e.Outcome == ChildOutcome.Failed)
        {
            return $"{room}, {seat}, no balloon ({e.ErrorCode})";
        }
    });
await using var provider = services.BuildServiceProvider();
await using var engine = await PerdureEngine.StartAsync(provider);
Console.WriteLine($"Database: {database}");

var run = await engine.Client.StartAsync(trip, "Bern");
Console.WriteLine(await run.ResultAsync());
var children = await engine.Client.ListAsync(new() { Parent = run.Id });
foreach (var child in children.Runs.OrderBy(child => child.Status)) Console.WriteLine($"  {child.Workflow}: {child.Status}");
