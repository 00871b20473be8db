using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Perdure;
using Perdure.Samples.Orders;
using Perdure.Storage;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(Settings.Usage);
    return 0;
}

Settings settings;
try
{
    settings = Settings.Parse(args);
}
catch (FormatException error)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine(Settings.Usage);
    return 2;
}

var services = new ServiceCollection().AddSingleton(settings).AddSingleton<Screen>().AddSingleton<EffectLog>().AddSingleton<Shop>();
services.AddPerdure()
    .UseSqlite($"Data Source={settings.Database}")
    .AddWorkflow<ProcessOrder>(ProcessOrder.Options);
await using var provider = services.BuildServiceProvider();

try
{
    await using var engine = await PerdureEngine.StartAsync(provider);
    Console.WriteLine($"Database: {settings.Database}");

    // All at once. The key makes a second start of this program find the runs of the first.
    var outcomes = await Task.WhenAll(Enumerable.Range(1, settings.Orders).Select(number => ProcessAsync(engine.Client, number)));

    var failed = outcomes.Where(outcome => outcome.Error is not null).ToList();
    foreach (var outcome in failed) Console.WriteLine($"{outcome.OrderId} failed: {outcome.Error}");
    Console.WriteLine(failed.Count == 0
        ? $"{settings.Orders} orders completed"
        : $"{settings.Orders - failed.Count} orders completed, {failed.Count} failed");
    return failed.Count == 0 ? 0 : 1;
}
catch (StoreException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}

static async Task<(string OrderId, string? Error)> ProcessAsync(IPerdureClient client, int number)
{
    var order = new Order(string.Create(CultureInfo.InvariantCulture, $"ORD-{number:000}"), 20m + (number * 7.5m));
    var run = await client.StartAsync(ProcessOrder.Definition, order, new() { Key = order.Id });
    try
    {
        await run.ResultAsync();
        return (order.Id, null);
    }
    catch (RunOutcomeException error)
    {
        return (order.Id, error.Message);
    }
}
