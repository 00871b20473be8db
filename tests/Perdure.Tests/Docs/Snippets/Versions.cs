using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Tests.Docs.Snippets.Versions;

public sealed class OrderWorkflow : Workflow<string, string>
{
    // snippet
    public override async Task<string> RunAsync(WorkflowContext ctx, string order)
    {
        await ctx.StepAsync("reserve", () => Task.CompletedTask);
        if (ctx.Patch("check-fraud"))
            await ctx.StepAsync("check-fraud", () => Task.CompletedTask);
        await ctx.StepAsync("charge", () => Task.CompletedTask);
        return order;
    }
    // end
}

internal static class Changes
{
    public static async Task FirstAsync(WorkflowContext ctx)
    {
        // snippet
        if (ctx.Patch("check-fraud")) await ctx.StepAsync("check-fraud", () => Task.CompletedTask); // 1: both ways
        // end
    }

    public static async Task SecondAsync(WorkflowContext ctx)
    {
        // snippet
        ctx.DeprecatePatch("check-fraud");                                       // 2: the old way is gone
        await ctx.StepAsync("check-fraud", () => Task.CompletedTask);
        // end
    }

    public static async Task ThirdAsync(WorkflowContext ctx)
    {
        // snippet
        await ctx.StepAsync("check-fraud", () => Task.CompletedTask);            // 3: as if it had always been so
        // end
    }

    public static async Task ManyAsync(WorkflowContext ctx, string order)
    {
        // snippet
        switch (ctx.GetVersion("shipping", WorkflowContext.DefaultVersion, 2))
        {
            case WorkflowContext.DefaultVersion:
                await ctx.StepAsync("ship", () => Task.CompletedTask);
                break;
            case 1:
                await ctx.StepAsync("ship-insured", () => Task.CompletedTask);
                break;
            default:
                await ctx.ActivityAsync<string>("ship", order);
                break;
        }
        // end
    }
}

internal static class Pins
{
    public static void Pinned(IServiceCollection services)
    {
        // snippet
        services.AddPerdure(o => o.BuildId = "2026.11.4").AddWorkflow<OrderWorkflow>(new() { PinToBuild = true });
        // end
    }

    public static void TakenOver(IServiceCollection services)
    {
        // snippet
        services.AddPerdure(o =>
        {
            o.BuildId = "2026.11.5";
            o.TakesOverBuilds.Add("2026.11.4");
        }).AddWorkflow<OrderWorkflow>(new() { PinToBuild = true });
        // end
    }
}

// snippet
[Workflow("invoice", Version = 2)]
public sealed class InvoiceWorkflow : Workflow<string, int>
{
    public static readonly WorkflowDefinition<string, int> Definition = new("invoice", 2);

    public override Task<int> RunAsync(WorkflowContext ctx, string order) => ctx.StepAsync("write", () => Task.FromResult(2));
}
// end
