using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Samples.Durable;

/// <summary>A trial of thirty days, during which nothing has to run: three processes look in, each with a later clock, and resume it by hand.</summary>
internal static class LongRunning
{
    private static readonly WorkflowDefinition<string, string> Trial = new("trial");

    public static async Task ShowAsync()
    {
        var database = Path.Combine(Path.GetTempPath(), $"perdure-longrunning-{Guid.NewGuid():N}.db");

        await OnDayAsync(0, database);
        await OnDayAsync(10, database);
        await OnDayAsync(30, database);
    }

    private static async Task<string> TryOutAsync(WorkflowContext ctx, string customer)
    {
        await ctx.StepAsync("open", () => ShowAsync($"[open] the trial of {customer}"));
        await ctx.SleepAsync(TimeSpan.FromDays(30));
        await ctx.StepAsync("close", () => ShowAsync($"[close] the trial of {customer}"));
        return "over";
    }

    /// <summary>A script of some day: nothing of it works by itself. The start drives a new run until it sleeps, the resume one that is due.</summary>
    private static async Task OnDayAsync(int day, string database)
    {
        Console.WriteLine($"--- Day {day}");
        var services = new ServiceCollection().AddSingleton<TimeProvider>(new LaterClock(TimeSpan.FromDays(day)));
        services.AddPerdure(options => options.Runtime = PerdureRuntime.Manual).UseSqlite($"Data Source={database}").AddWorkflow(Trial, TryOutAsync);
        await using var provider = services.BuildServiceProvider();
        await using var engine = await PerdureEngine.StartAsync(provider);

        var run = await engine.Client.StartAsync(Trial, "Ann", new() { Key = "Ann" });
        await run.ResumeAsync();
        await ShowStatusAsync(run);
    }

    private static async Task ShowStatusAsync(RunHandle run)
    {
        var info = await run.GetAsync();
        Console.WriteLine(info.DueAt is { } due ? $"{info.Status} until day {(due - info.CreatedAt).Days}" : $"{info.Status}: {info.Result}");
    }

    private static Task ShowAsync(string text)
    {
        Console.WriteLine(text);
        return Task.CompletedTask;
    }
}
