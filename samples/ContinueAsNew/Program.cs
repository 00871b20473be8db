using Microsoft.Extensions.DependencyInjection;
using Perdure;

const int BookingsPerRun = 10;
var booked = new Signal<decimal>("booked");
var account = new WorkflowDefinition<decimal, decimal>("account");
var database = Path.Combine(Path.GetTempPath(), $"perdure-continue-{Guid.NewGuid():N}.db");
var services = new ServiceCollection();
services.AddPerdure().UseSqlite($"Data Source={database}").AddWorkflow(account, async (ctx, balance) =>
{
    // An account lives for years. Now and then it goes on as a new run, so that its history stays short; bookings that came meanwhile go along.
    for (var i = 0; i < BookingsPerRun; i++)
    {
        var amount = await ctx.WaitForAsync(booked);
        if (amount == 0) return balance;
        balance += amount;
    }
    return await ctx.ContinueAsNewAsync<decimal>(balance);
});
await using var provider = services.BuildServiceProvider();
await using var engine = await PerdureEngine.StartAsync(provider);
Console.WriteLine($"Database: {database}");

// All signals name the first run; they reach whichever lives.
var run = await engine.Client.StartAsync(account, 100m);
for (var i = 0; i < 25; i++) await run.SignalAsync(booked, 1m);
await run.SignalAsync(booked, 0m);
Console.WriteLine($"balance {await run.ResultAsync()}");

foreach (var link in await engine.Client.GetChainAsync(run.Id)) Console.WriteLine($"  {link.Status}");
