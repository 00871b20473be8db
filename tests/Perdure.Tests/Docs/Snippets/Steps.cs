namespace Perdure.Tests.Docs.Snippets.Steps;

public sealed class StepsWorkflow : Workflow<Order, int>
{
    public static readonly WorkflowDefinition<Order, int> Definition = new("steps");

    public override async Task<int> RunAsync(WorkflowContext ctx, Order order)
    {
        // snippet
        var page = await ctx.StepAsync("read-page", (IPages pages, CancellationToken ct) => pages.ReadAsync("/terms", ct));
        // end

        // snippet
        var payment = await ctx.StepAsync("charge", (IPayments payments, StepInfo step, CancellationToken ct) =>
            payments.ChargeAsync(order, step.IdempotencyKey, ct));
        // end

        // snippet
        await ctx.StepAsync("send-terms",
            (IMail mail, CancellationToken ct) => mail.SendAsync(order.Email, page, ct),
            new()
            {
                Timeout = TimeSpan.FromSeconds(10),
                Retry = RetryPolicy.Exponential() with { MaxAttempts = 5, NonRetryable = ["mailbox_unknown"] },
            });
        // end

        // snippet
        var (terms, prices) = await ctx.WhenAllAsync(
            ctx.StepAsync("terms", (IPages pages, CancellationToken ct) => pages.ReadAsync("/terms", ct)),
            ctx.StepAsync("prices", (IPages pages, CancellationToken ct) => pages.ReadAsync("/prices", ct)));
        // end

        // snippet
        string[] addresses = ["/a", "/b", "/c"];
        var pages = await ctx.ForEachAsync(addresses, address =>
            ctx.StepAsync("read", (IPages site, CancellationToken ct) => site.ReadAsync(address, ct)), maxParallel: 2);
        // end

        // snippet
        var today = ctx.UtcNow.Date;
        var coupon = ctx.NewGuid();
        var isWinner = ctx.Random.Next(100) == 0;
        var host = await ctx.SideEffectAsync("host", () => Environment.MachineName);
        // end
        return payment.Length + terms.Length + prices.Length + pages.Count + today.Year + coupon.ToString().Length + (isWinner ? 1 : 0) + host.Length;
    }
}

// snippet
public sealed class CheckoutWorkflow : Workflow<Order>
{
    public static readonly WorkflowOptions Options = new() { Retry = RetryPolicy.Constant(TimeSpan.FromMinutes(1)) with { MaxAttempts = 5 } };

    public override async Task RunAsync(WorkflowContext ctx, Order order)
    {
        var payment = await ctx.StepAsync("charge", (IPayments payments, StepInfo step, CancellationToken ct) =>
            payments.ChargeAsync(order, step.IdempotencyKey, ct));
        await ctx.StepAsync("confirm", (IMail mail, CancellationToken ct) => mail.SendAsync(order.Email, $"Paid: {payment}", ct));
    }
}
// end

internal static class Bodies
{
    public static async Task MailAllAsync(WorkflowContext ctx, string[] addresses)
    {
        // snippet
        await ctx.StepAsync("mail-all", async (IMail mail, StepInfo step, CancellationToken ct) =>
        {
            for (var i = step.LoadCheckpoint<int>(); i < addresses.Length; i++)
            {
                await mail.SendAsync(addresses[i], "News", ct);
                await step.SaveCheckpointAsync(i + 1);
            }
        });
        // end
    }

    public static Task RetryLater(HttpResponseMessage response)
    {
        // snippet
        if (response.Headers.RetryAfter?.Delta is { } delay) throw new RetryAfterException(delay);
        if ((int)response.StatusCode == 402) throw new NonRetryableException("The card was declined.", code: "card_declined");
        // end
        return Task.CompletedTask;
    }
}
