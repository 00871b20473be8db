namespace Perdure.Tests.Docs.Snippets;

internal static class Errors
{
    public static async Task CatchAsync(WorkflowContext ctx, Order order)
    {
        // snippet
        try
        {
            await ctx.StepAsync("charge", (IPayments payments, CancellationToken ct) => payments.ChargeAsync(order, ct));
        }
        catch (StepFailedException failure) when (failure.ErrorCode == "card_declined")
        {
            await ctx.StepAsync("tell-customer", (IMail mail, CancellationToken ct) => mail.SendAsync(order.Customer, "Your card was declined.", ct));
        }
        // end
    }
}
