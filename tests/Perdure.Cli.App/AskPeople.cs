namespace Perdure.Cli.App;

/// <summary>Asks people, then waits for somebody outside; answers a query meanwhile.</summary>
[Workflow("ask-people")]
public sealed class AskPeople : Workflow<string, string>
{
    public override async Task<string> RunAsync(WorkflowContext ctx, string input)
    {
        var asked = 0;
        ctx.SetQueryHandler("asked", (string unit) => $"{asked} {unit}");
        asked++;
        if (!await ctx.RequestApprovalAsync("approve", $"May {input} go out?", new() { Assignee = "ann" })) return $"{input} stays";
        asked++;
        using var hook = ctx.CreateHook<string>("carrier");
        ctx.Data.Put("token", hook.Token);
        return $"{input} goes with {await hook.ReceiveAsync()}";
    }
}
