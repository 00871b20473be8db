using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Tests.Docs.Snippets.Schedules;

internal static class Register
{
    public static readonly WorkflowDefinition<string> Report = new("report");

    public static void Services(IServiceCollection services) =>
        // snippet
        services.AddPerdure().UseSqlite("Data Source=app.db")
            .AddWorkflow(Report, async (ctx, area) => await ctx.StepAsync("write", (IMail mail, CancellationToken ct) => mail.SendAsync("team@example.org", area, ct)))
            .AddSchedule("nightly-report", ScheduleTimes.Cron("30 2 * * MON-FRI"), Report, "sales", new() { Zone = "Europe/Berlin" })
            .AddSchedule("heartbeat", ScheduleTimes.Every(TimeSpan.FromMinutes(5)), Report, "status", new() { Jitter = TimeSpan.FromSeconds(20) });
        // end
}

internal static class Callers
{
    public static async Task ActAsync(IPerdureClient client)
    {
        // snippet
        await client.Schedules.PauseAsync("nightly-report", "the archive is being moved");
        await client.Schedules.ResumeAsync("nightly-report");
        await client.Schedules.TriggerAsync("nightly-report", "everything");
        await client.Schedules.BackfillAsync("nightly-report", new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 3, 8, 0, 0, 0, TimeSpan.Zero));

        foreach (var next in await client.Schedules.NextTimesAsync("nightly-report")) Console.WriteLine(next);
        var schedule = await client.Schedules.GetAsync("nightly-report");
        foreach (var fire in schedule!.Recent) Console.WriteLine($"{fire.Slot} {fire.Outcome} {fire.Reason} {fire.RunId}");
        // end
    }
}

public sealed record CleanupOptions(bool Deep);

// snippet
[Workflow("cleanup")]
[Schedule("0 3 * * *", Zone = "Europe/Berlin")]
[Schedule(Every = "6h", Name = "deep-cleanup", Input = """{ "deep": true }""")]
public sealed class CleanupWorkflow : Workflow<CleanupOptions?>
{
    public override Task RunAsync(WorkflowContext ctx, CleanupOptions? options) =>
        ctx.StepAsync("clean", (IMail mail, CancellationToken ct) => mail.SendAsync("team@example.org", options?.Deep == true ? "deeply" : "a little", ct));
}
// end
