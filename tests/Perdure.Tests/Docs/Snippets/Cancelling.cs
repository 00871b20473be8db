namespace Perdure.Tests.Docs.Snippets.Cancelling;

// snippet
[Workflow("reservation", RunTimeout = "2h")]
public sealed class ReservationWorkflow : Workflow<Order, string>
{
    public static readonly WorkflowDefinition<Order, string> Definition = new("reservation");
    public static readonly Signal<string> Collected = new("collected");

    public override async Task<string> RunAsync(WorkflowContext ctx, Order order)
    {
        var payment = await ctx.StepAsync("charge", (IPayments payments, StepInfo step, CancellationToken ct) =>
            payments.ChargeAsync(order, step.IdempotencyKey, ct));
        try
        {
            return await ctx.WaitForAsync(Collected);
        }
        catch (WorkflowCancelledException)
        {
            await ctx.ShieldAsync(() => ctx.StepAsync("refund", (IPayments payments, CancellationToken ct) => payments.RefundAsync(payment, ct)));
            throw;
        }
    }
}
// end

internal static class Callers
{
    public static async Task<CancelOutcome> CancelAsync(IPerdureClient client, string runId)
    {
        // snippet
        var outcome = await client.CancelAsync(runId, reason: "the customer called");
        // end
        return outcome;
    }

    public static async Task PauseAsync(IPerdureClient client, string runId)
    {
        // snippet
        await client.PauseAsync(runId);
        await client.ResumeAsync(runId);
        // end
    }

    public static async Task TerminateAsync(IPerdureClient client, string runId)
    {
        // snippet
        await client.TerminateAsync(runId, reason: "started by mistake");
        // end
    }
}
