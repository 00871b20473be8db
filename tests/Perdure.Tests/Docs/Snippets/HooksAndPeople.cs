namespace Perdure.Tests.Docs.Snippets.HooksAndPeople;

public sealed record BankReply(string Reference);

// snippet
[Workflow("refund")]
public sealed class RefundWorkflow : Workflow<decimal, string>
{
    public static readonly WorkflowDefinition<decimal, string> Definition = new("refund");

    public override async Task<string> RunAsync(WorkflowContext ctx, decimal amount)
    {
        var approved = await ctx.RequestApprovalAsync("approve", $"Refund {amount}?",
            new() { Timeout = TimeSpan.FromDays(2), Assignee = "finance", DefaultValue = false });
        if (!approved) return "refused";

        var hook = await ctx.CreateHookAsync<BankReply, IMail>("bank",
            (hook, mail, ct) => mail.SendAsync("bank@example.org", $"Please confirm at {hook.Url}", ct), TimeSpan.FromDays(7));
        var (received, reply) = await hook.TryReceiveAsync();
        return received ? $"paid {reply.Reference}" : "the bank did not answer";
    }
}
// end

internal static class Clerk
{
    public static async Task GiveUpAsync(IPerdureClient client, string orderId)
    {
        // snippet
        await client.CancelWaitAsync(orderId, "bank", "the bank is closed");
        // end
    }

    public static async Task ApproveAsync(IPerdureClient client)
    {
        // snippet
        var open = await client.ListInputsAsync(new() { Assignee = "finance", ExpiringWithin = TimeSpan.FromHours(8) });
        foreach (var question in open.Inputs)
            await client.ProvideInputAsync(question.RunId, question.Name, true, by: "ann", requestId: question.RequestId);
        // end
    }
}
