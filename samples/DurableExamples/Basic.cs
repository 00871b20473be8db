using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Samples.Durable;

/// <summary>Three steps, one after the other, and the history that they leave.</summary>
internal static class Basic
{
    private static readonly WorkflowDefinition<string, string> Order = new("order");

    public static async Task ShowAsync()
    {
        var services = new ServiceCollection().AddSingleton<Shop>();
        services.AddPerdure().UseInMemory().AddWorkflow(Order, ProcessAsync);
        await using var provider = services.BuildServiceProvider();
        await using var engine = await PerdureEngine.StartAsync(provider);

        var run = await engine.Client.StartAsync(Order, "ORD-1");
        Console.WriteLine($"Result: {await run.ResultAsync()}");

        Console.WriteLine("History:");
        foreach (var e in await run.GetHistoryAsync()) Console.WriteLine($"  {e}");
    }

    private static async Task<string> ProcessAsync(WorkflowContext ctx, string order)
    {
        await ctx.StepAsync("reserve", (Shop shop) => shop.ReserveAsync(order));
        var payment = await ctx.StepAsync("charge", (Shop shop) => shop.ChargeAsync(order));
        var tracking = await ctx.StepAsync("ship", (Shop shop) => shop.ShipAsync(order));
        return $"{payment}, {tracking}";
    }
}
