namespace Perdure.Samples.Orders;

/// <summary>An order as it comes in.</summary>
internal sealed record Order(string Id, decimal Total);

/// <summary>What became of it.</summary>
internal sealed record Receipt(string OrderId, string Payment, string Tracking);

/// <summary>
/// Validate, charge, ship, confirm. Each step is tried once; when one fails, the whole workflow is tried again, up to five times, and the steps that
/// are finished are not repeated.
/// </summary>
[Workflow("process-order")]
internal sealed class ProcessOrder(Screen screen) : Workflow<Order, Receipt>
{
    public static readonly WorkflowDefinition<Order, Receipt> Definition = new("process-order");

    /// <summary>Given where the workflow is registered; an attribute holds the count alone.</summary>
    public static readonly WorkflowOptions Options = new()
    {
        Retry = RetryPolicy.Constant(TimeSpan.FromMilliseconds(100)) with { MaxAttempts = 5 },
    };

    private static readonly StepOptions Once = new() { Retry = RetryPolicy.None };

    public override async Task<Receipt> RunAsync(WorkflowContext ctx, Order order)
    {
        // The code is entered anew for every attempt and after every crash. What is replayed was shown before.
        if (!ctx.IsReplaying) screen.Announce(order, ctx.Attempt);
        var attempt = ctx.Attempt;

        await ctx.StepAsync("validate", (Shop shop) => shop.ValidateAsync(order, attempt), Once);
        var payment = await ctx.StepAsync("charge", (Shop shop) => shop.ChargeAsync(order, attempt), Once);
        var tracking = await ctx.StepAsync("ship", (Shop shop) => shop.ShipAsync(order, attempt), Once);
        await ctx.StepAsync("confirm", (Shop shop) => shop.ConfirmAsync(order, tracking, attempt), Once);
        return new Receipt(order.Id, payment, tracking);
    }
}
