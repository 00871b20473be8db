using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Cli.App;

/// <summary>What the attributes cannot say: services, functions, options.</summary>
public sealed class AppModule : IPerdureModule
{
    public void Configure(IPerdureBuilder builder)
    {
        builder.Services.AddSingleton<EffectFile>();
        builder.AddWorkflow("fails", Task<string> (WorkflowContext ctx, string code) => throw new WorkflowFailureException(code, "It was asked to."));
        // It takes its time, whoever asks it to stop.
        builder.AddWorkflow("deaf", Task<string> (WorkflowContext ctx, int milliseconds) => ctx.StepAsync("work", async (EffectFile effects, StepInfo step) =>
        {
            effects.Append($"deaf {step.RunId}");
            await Task.Delay(milliseconds);
            return "done";
        }));
        // What another build changes: the name of the signal that it waits for.
        var awaited = new Signal<bool>(Environment.GetEnvironmentVariable("CLI_TEST_BUILD") == "new" ? "agreed" : "approved");
        builder.AddWorkflow("changes", async (WorkflowContext ctx, string _) => await ctx.WaitForAsync(awaited));
        builder.AddSchedule("yearly-greeting", ScheduleTimes.Cron("0 0 1 1 *"), "greet", "Ann", new ScheduleOptions { Zone = "Europe/Berlin" });
        builder.AddPipeline(Lines.Bake);
        builder.AddWorkflow<TagsItself>(new WorkflowOptions { Tags = new Dictionary<string, string> { ["by"] = "module" } });
    }
}
