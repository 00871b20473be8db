namespace Perdure.Cli.App;

/// <summary>Waits for a signal, for as long as it takes.</summary>
[Workflow("approve")]
public sealed class Approve : Workflow<string, string>
{
    public static readonly Signal<bool> Approved = new("approved");

    public override async Task<string> RunAsync(WorkflowContext ctx, string input) => await ctx.WaitForAsync(Approved) ? $"{input} approved" : $"{input} refused";
}
