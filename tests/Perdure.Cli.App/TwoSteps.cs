namespace Perdure.Cli.App;

/// <summary>A quick step, and one that takes so many milliseconds as the input says; the result names the process of each.</summary>
[Workflow("two-steps")]
public sealed class TwoSteps : Workflow<int, string>
{
    public override async Task<string> RunAsync(WorkflowContext ctx, int input)
    {
        var id = ctx.RunId;
        var first = await ctx.StepAsync("first", (EffectFile effects) => Task.FromResult(effects.Append($"first {id}")));
        var second = await ctx.StepAsync("second", async (EffectFile effects, CancellationToken ct) =>
        {
            effects.Append($"second {id}");
            await Task.Delay(input, ct);
            return effects.Append($"end {id}");
        });
        return $"{first} {second}";
    }
}
