namespace Perdure.Tests.Docs.Snippets.Readme;

// snippet
[Workflow("order")]
public sealed class OrderWorkflow : Workflow<Order, string>
{
    public static readonly WorkflowDefinition<Order, string> Definition = new("order");
    public static readonly Signal<bool> Approved = new("approved");

    public override async Task<string> RunAsync(WorkflowContext ctx, Order order)
    {
        var payment = await ctx.StepAsync("charge", (IPayments payments, StepInfo step, CancellationToken ct) =>
            payments.ChargeAsync(order, step.IdempotencyKey, ct));

        if (order.Total > 1_000m && !await ctx.WaitForAsync(Approved, TimeSpan.FromDays(2), defaultValue: false))
        {
            await ctx.StepAsync("refund", (IPayments payments, CancellationToken ct) => payments.RefundAsync(payment, ct));
            return "refused";
        }
        await ctx.SleepAsync(TimeSpan.FromDays(14));
        await ctx.StepAsync("ask", (IMail mail, CancellationToken ct) => mail.SendAsync(order.Email, "How was it?", ct));
        return payment;
    }
}
// end
