namespace Perdure.Tests.Docs.Snippets.Modes;

public sealed class ModesWorkflow : Workflow<Order, string>
{
    public static readonly WorkflowDefinition<Order, string> Definition = new("modes");

    public override async Task<string> RunAsync(WorkflowContext ctx, Order order)
    {
        // snippet
        foreach (var address in new[] { "/a", "/b", "/c" })
        {
            await ctx.StepAsync("warm-up", (IPages pages, CancellationToken ct) => pages.ReadAsync(address, ct),
                new() { Durability = StepDurability.Deferred });
        }
        // end
        // snippet
        try
        {
            await ctx.StepAsync("send-letter", (IMail mail, CancellationToken ct) => mail.SendAsync(order.Email, "Hello", ct),
                new() { Mode = StepMode.AtMostOnce });
        }
        catch (StepOutcomeUnknownException)
        {
            return "somebody has to look whether the letter went out";
        }
        // end
        return "sent";
    }
}
