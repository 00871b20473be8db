using Microsoft.Extensions.DependencyInjection;
using Perdure;
using Perdure.Samples.OrderPipelines;

var database = Path.Combine(Path.GetTempPath(), $"perdure-pipeline-{Guid.NewGuid():N}.db");
var services = new ServiceCollection().AddSingleton<PaymentService>();
services.AddPerdure(options =>
    {
        options.Queue("default", 10);
        options.Queue("high_priority", 10);
    })
    .UseSqlite($"Data Source={database}")
    .AddPipeline(OrderPipelines.ProcessOrder);
await using var provider = services.BuildServiceProvider();
await using var engine = await PerdureEngine.StartAsync(provider);
Console.WriteLine($"Database: {database}");

// The pipeline is known before anything runs.
Console.WriteLine(string.Join(" → ", OrderPipelines.ProcessOrder.Graph.Nodes.Select(node => node.Label)));

var order = new Order("ORD-001", [new("book", 12.50m, 2), new("pen", 1.75m, 4)]);
var run = await engine.Client.StartAsync(OrderPipelines.ProcessOrder.Workflow, order, new()
{
    Queue = "high_priority", Priority = 10, ScheduledAt = DateTimeOffset.UtcNow.AddSeconds(3),
});
var scheduled = await run.GetAsync();
Console.WriteLine($"Scheduled: {scheduled.Status}, queue {scheduled.Queue}, priority {scheduled.Priority}");
await run.WaitAsync();

var done = await run.GetAsync(RunInclude.Steps);
foreach (var step in done.Steps!) Console.WriteLine($"  {step.Name}: {step.Status}, {step.Attempts} attempt(s)");
foreach (var (key, value) in done.Data.All) Console.WriteLine($"  {key} = {value}");
Console.WriteLine(done.Status);
