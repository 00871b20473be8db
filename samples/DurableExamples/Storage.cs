using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Samples.Durable;

/// <summary>An order that outlives its engine: the first one reserves the goods, the second one, on the same file, ships them.</summary>
internal static class Storage
{
    private static readonly WorkflowDefinition<string, string> Order = new("order");
    private static readonly Signal<decimal> Paid = new("paid");

    public static async Task ShowAsync()
    {
        var database = Path.Combine(Path.GetTempPath(), $"perdure-storage-{Guid.NewGuid():N}.db");
        Console.WriteLine("--- The first engine");
        await ShowAsync(database);
        Console.WriteLine("--- The second engine");
        await ShowAsync(database);
    }

    /// <summary>What one process does; called with the same file again, it goes on where the last one was.</summary>
    public static async Task ShowAsync(string database)
    {
        var services = new ServiceCollection().AddSingleton<Shop>();
        services.AddPerdure().UseSqlite($"Data Source={database}").AddWorkflow(Order, ProcessAsync);
        await using var provider = services.BuildServiceProvider();
        await using var engine = await PerdureEngine.StartAsync(provider);

        var run = await engine.Client.StartAsync(Order, "ORD-1", new() { Key = "ORD-1" });
        if (run.WasCreated)
        {
            await run.UntilSuspendedAsync();
            Console.WriteLine("ORD-1 waits for its payment, and this engine ends.");
            return;
        }

        if (await run.StatusAsync() != RunStatus.Completed) await run.SignalAsync(Paid, 35.50m);
        Console.WriteLine($"Result: {await run.ResultAsync()}");

        Console.WriteLine("History:");
        foreach (var e in await run.GetHistoryAsync()) Console.WriteLine($"  {e}");
    }

    private static async Task<string> ProcessAsync(WorkflowContext ctx, string order)
    {
        await ctx.StepAsync("reserve", (Shop shop) => shop.ReserveAsync(order));
        var amount = await ctx.WaitForAsync(Paid);
        var tracking = await ctx.StepAsync("ship", (Shop shop) => shop.ShipAsync(order));
        return $"{tracking} for {amount}";
    }
}
