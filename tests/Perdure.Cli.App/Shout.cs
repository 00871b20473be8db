namespace Perdure.Cli.App;

/// <summary>An activity that is found by its attribute, and its workflow.</summary>
[Workflow("shout")]
public sealed class Shout : Workflow<string, string>
{
    public override async Task<string> RunAsync(WorkflowContext ctx, string input) => await ctx.Activities<IVoice>().LoudlyAsync(input);
}
