using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Perdure;

var report = new WorkflowDefinition<string>("report");
var database = Path.Combine(Path.GetTempPath(), $"perdure-schedules-{Guid.NewGuid():N}.db");
var services = new ServiceCollection();
services.AddPerdure().UseSqlite($"Data Source={database}")
    .AddWorkflow(report, async (ctx, area) => await ctx.StepAsync("write", () =>
    {
        Console.WriteLine($"  a report on {area}");
        return Task.CompletedTask;
    }));
await using var provider = services.BuildServiceProvider();
await using var engine = await PerdureEngine.StartAsync(provider);
var schedules = engine.Client.Schedules;
Console.WriteLine($"Database: {database}");

// A look before anything is created: 02:30 in New York, over the night in which the clock skips that hour.
Console.WriteLine("30 2 * * * in New York:");
foreach (var time in ScheduleTimes.Cron("30 2 * * *").Next(3, new(2026, 3, 7, 0, 0, 0, TimeSpan.Zero), new() { Zone = "America/New_York" }))
    Console.WriteLine($"  {time.UtcDateTime.ToString("ddd dd MMM HH:mm'Z'", CultureInfo.InvariantCulture)}");

var now = DateTimeOffset.UtcNow;
Console.WriteLine("Three times, a second apart:");
await schedules.CreateAsync("sales", ScheduleTimes.At(now.AddSeconds(1), now.AddSeconds(2), now.AddSeconds(3)), report, "sales");
await UntilAsync(schedule => schedule is { Succeeded: 3, NextAt: null });

Console.WriteLine("One more, by hand:");
await schedules.TriggerAsync("sales", "everything");
var done = await UntilAsync(schedule => schedule.Succeeded == 4);
Console.WriteLine($"{done.Started} started, {done.Succeeded} succeeded, {done.Skipped} skipped");

async Task<ScheduleInfo> UntilAsync(Func<ScheduleInfo, bool> condition)
{
    while (true)
    {
        if (await schedules.GetAsync("sales") is { } schedule && condition(schedule)) return schedule;
        await Task.Delay(50);
    }
}
