using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Samples.Durable;

/// <summary>An order that is cancelled while it sleeps, and gives back what it took.</summary>
internal static class Cancellation
{
    private static readonly WorkflowDefinition<string, string> Order = new("order");

    public static async Task ShowAsync()
    {
        var services = new ServiceCollection().AddSingleton<Shop>();
        services.AddPerdure().UseInMemory().AddWorkflow(Order, ProcessAsync);
        await using var provider = services.BuildServiceProvider();
        await using var engine = await PerdureEngine.StartAsync(provider);

        var run = await engine.Client.StartAsync(Order, "ORD-1");
        await run.UntilSuspendedAsync();
        Console.WriteLine("ORD-1 sleeps; now it is cancelled.");
        await run.CancelAsync("the customer called");
        try
        {
            await run.ResultAsync();
        }
        catch (RunCancelledException cancelled)
        {
            Console.WriteLine($"Cancelled: {cancelled.Reason}");
        }

        Console.WriteLine("History:");
        foreach (var e in await run.GetHistoryAsync()) Console.WriteLine($"  {e}");
    }

    private static async Task<string> ProcessAsync(WorkflowContext ctx, string order)
    {
        await ctx.StepAsync("reserve", (Shop shop) => shop.ReserveAsync(order));
        var payment = await ctx.StepAsync("charge", (Shop shop) => shop.ChargeAsync(order));
        try
        {
            await ctx.SleepAsync("5m");
            return await ctx.StepAsync("ship", (Shop shop) => shop.ShipAsync(order));
        }
        catch (WorkflowCancelledException)
        {
            // Outside of a shield every operation of a cancelled run throws.
            await ctx.ShieldAsync(async () =>
            {
                await ctx.StepAsync("refund", (Shop shop) => shop.RefundAsync(payment));
                await ctx.StepAsync("release", (Shop shop) => shop.ReleaseAsync(order));
            });
            throw;
        }
    }
}
