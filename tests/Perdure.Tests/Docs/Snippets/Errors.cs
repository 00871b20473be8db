namespace Perdure.Tests.Docs.Snippets.Errors;

public sealed class ChargeWorkflow : Workflow<Order, string>
{
    public static readonly WorkflowDefinition<Order, string> Definition = new("charge");

    public override async Task<string> RunAsync(WorkflowContext ctx, Order order)
    {
        // snippet
        try
        {
            return await ctx.StepAsync("charge", (IPayments payments, StepInfo step, CancellationToken ct) =>
                payments.ChargeAsync(order, step.IdempotencyKey, ct));
        }
        catch (StepFailedException failure) when (failure.ErrorCode == "card_declined")
        {
            await ctx.StepAsync("tell-customer", (IMail mail, CancellationToken ct) =>
                mail.SendAsync(order.Email, "Your card was declined.", ct));
            throw new WorkflowFailureException("not-paid", "The card was declined.");
        }
        // end
    }
}

// snippet
public sealed class CardDeclinedException(string message) : Exception(message);
// end

internal static class Callers
{
    public static async Task<string> WaitAsync(RunHandle<string> run)
    {
        // snippet
        try
        {
            return await run.ResultAsync(TimeSpan.FromSeconds(30));
        }
        catch (RunFailedException failure) when (failure.ErrorCode == "not-paid")
        {
            return "Please use another card.";
        }
        catch (TimeoutException)
        {
            return "It takes longer than usual.";
        }
        // end
    }

    public static async Task ListAsync(IPerdureClient client)
    {
        // snippet
        var blocked = await client.ListAsync(new RunFilter { Statuses = [RunStatus.Blocked] });
        foreach (var summary in blocked.Runs)
        {
            var run = await client.GetAsync(summary.Id);
            Console.WriteLine($"{run.Id}: {run.BlockedReason}. {run.BlockedDetail}");
        }
        // end
    }

    public static async Task ResumeAsync(IPerdureClient client, string runId)
    {
        // snippet
        await client.ResumeAsync(runId);
        // end
    }

    public static async Task RetryAsync(IPerdureClient client, string runId)
    {
        // snippet
        await client.RetryAsync(runId);
        // end
    }
}
