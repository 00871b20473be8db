using Perdure.Cli.App.Parts;

namespace Perdure.Cli.App;

/// <summary>One step, which uses an assembly that only the application has.</summary>
[Workflow("greet")]
public sealed class Greet : Workflow<string, string>
{
    public override async Task<string> RunAsync(WorkflowContext ctx, string input) => await ctx.StepAsync("say", () => Task.FromResult(Greeter.Greet(input)));
}
