using Perdure;
using Perdure.AspNetCore;
using Perdure.Samples.Pump;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.Services.AddPerdure(options => options.Runtime = PerdureRuntime.Pump)
    .UseSqlite($"Data Source={builder.Configuration["db"] ?? "pump.db"}")
    .AddWorkflow(Reminder.Definition, Reminder.RunAsync);
var app = builder.Build();

// Nothing runs here but requests. Whoever schedules (a platform, cron, curl) calls this one, and comes again at nextDue.
app.MapPerdurePump();

app.MapPost("/reminders/{name}", async (string name, int seconds, IPerdureClient client) =>
{
    var run = await client.StartAsync(Reminder.Definition, new ReminderRequest(name, seconds), new() { Id = name });
    return Results.Text(run.WasCreated ? $"{name} is noted.\n" : $"{name} was noted before.\n");
});

app.MapGet("/reminders/{name}", async (string name, IPerdureClient client) =>
{
    try
    {
        var info = await client.GetAsync(name);
        return Results.Text($"{info.Status}\n");
    }
    catch (RunNotFoundException)
    {
        return Results.NotFound();
    }
});

await app.StartAsync();
Console.WriteLine($"Listening on {string.Join(", ", app.Urls)}");
await app.WaitForShutdownAsync();
