using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Samples.Durable;

/// <summary>An order in a folder of plain files: what the first engine leaves can be read without it, and the second one goes on.</summary>
internal static class Files
{
    private static readonly WorkflowDefinition<string, string> Order = new("order");
    private static readonly Signal<decimal> Paid = new("paid");

    public static async Task ShowAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"perdure-files-{Guid.NewGuid():N}");
        await WithEngineAsync(folder, async client =>
        {
            var run = await client.StartAsync(Order, "ORD-1", new() { Id = "ord-1" });
            await run.UntilSuspendedAsync();
        });

        Console.WriteLine("The folder:");
        foreach (var part in new[] { "events", "runs", "steps" })
            foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, part), "*", SearchOption.AllDirectories))
                Console.WriteLine($"  {Path.GetRelativePath(folder, file).Replace('\\', '/')}");

        await WithEngineAsync(folder, async client =>
        {
            var run = client.Handle<string>("ord-1");
            await run.SignalAsync(Paid, 35.50m);
            Console.WriteLine($"Result: {await run.ResultAsync()}");
        });
        Console.WriteLine($"Lines of its history: {File.ReadLines(Path.Combine(folder, "events", "ord-1.jsonl")).Count()}");
        Directory.Delete(folder, recursive: true);
    }

    private static async Task WithEngineAsync(string folder, Func<IPerdureClient, Task> use)
    {
        var services = new ServiceCollection().AddSingleton<Shop>();
        services.AddPerdure().UseFile(folder).AddWorkflow(Order, ProcessAsync);
        await using var provider = services.BuildServiceProvider();
        await using var engine = await PerdureEngine.StartAsync(provider);
        await use(engine.Client);
    }

    private static async Task<string> ProcessAsync(WorkflowContext ctx, string order)
    {
        await ctx.StepAsync("reserve", (Shop shop) => shop.ReserveAsync(order));
        var amount = await ctx.WaitForAsync(Paid);
        var tracking = await ctx.StepAsync("ship", (Shop shop) => shop.ShipAsync(order));
        return $"{tracking} for {amount}";
    }
}
