using Microsoft.Extensions.Logging;

namespace Perdure.Tests.Docs.Snippets.Children;

[Workflow("pack")]
public sealed class PackWorkflow : Workflow<Order, string>
{
    public static readonly WorkflowDefinition<Order, string> Definition = new("pack");

    public override Task<string> RunAsync(WorkflowContext ctx, Order order) => Task.FromResult("label");
}

[Workflow("track")]
public sealed class TrackWorkflow : Workflow<string, string>
{
    public static readonly WorkflowDefinition<string, string> Definition = new("track");

    public override Task<string> RunAsync(WorkflowContext ctx, string label) => Task.FromResult(label);
}

// snippet
[Workflow("shipment")]
public sealed class ShipmentWorkflow : Workflow<Order, string>
{
    public override async Task<string> RunAsync(WorkflowContext ctx, Order order)
    {
        var label = await ctx.ChildAsync(PackWorkflow.Definition, order);
        var tracking = ctx.StartChild(TrackWorkflow.Definition, label, new() { Detached = true });
        return $"{label}, followed by {tracking.Id}";
    }
}
// end

// snippet
[Workflow("account")]
public sealed class AccountWorkflow : Workflow<decimal, string>
{
    public static readonly Signal<decimal> Booked = new("booked");

    public override async Task<string> RunAsync(WorkflowContext ctx, decimal balance)
    {
        while (!ctx.ShouldContinueAsNew) balance += await ctx.WaitForAsync(Booked);
        return await ctx.ContinueAsNewAsync<string>(balance);
    }
}
// end

internal static class Parts
{
    private static readonly ActivityDefinition<string, decimal> QuoteActivity = new("quote");

    public static async Task<string> CleanUpAsync(WorkflowContext ctx, Order order)
    {
        // snippet
        var child = ctx.StartChild(PackWorkflow.Definition, order);
        try
        {
            return await child.ResultAsync();
        }
        catch (WorkflowCancelledException)
        {
            await ctx.ShieldAsync(async () =>
            {
                try { await child.ResultAsync(); }
                catch (ChildWorkflowException end) { ctx.Logger.LogInformation("the child ended: {Outcome}", end.Outcome); }
            });
            throw;
        }
        // end
    }

    public static async Task<decimal> QuoteAsync(WorkflowContext ctx, string[] carriers)
    {
        // snippet
        var quotes = await ctx.FanOutAsync(carriers, QuoteActivity, new() { Strategy = FanOutStrategy.Threshold(0.6), MaxConcurrent = 10 });
        if (quotes.IsDoomed) throw new WorkflowFailureException("no-quotes", $"{quotes.FailedCount} of {quotes.Total} carriers failed");
        var best = quotes.Values.Min();
        // end
        return best;
    }
}
