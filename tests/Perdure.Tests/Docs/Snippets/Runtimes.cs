using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Perdure.Tests.Docs.Snippets;

internal static class Runtimes
{
    public static void Register(IHostApplicationBuilder builder)
    {
        // snippet
        builder.Services.AddPerdure(options => options.Runtime = PerdureRuntime.Pump).UseSqlite("Data Source=orders.db");
        // end
    }

    public static async Task PumpAsync(IPerdurePump pump)
    {
        // snippet
        var report = await pump.RunOnceAsync(budget: TimeSpan.FromSeconds(20));
        Console.WriteLine(report.NextDue is { } due ? $"{report.Processed} driven; come again at {due:HH:mm:ss}." : $"{report.Processed} driven.");
        // end
    }

    public static async Task ResumeAsync(IPerdureClient client)
    {
        // snippet
        var run = await client.StartAsync("trial", "Ann");    // returns when the run sleeps, waits, or has ended
        // … an hour or a month later, perhaps in another process:
        await run.ResumeAsync();                              // drives it on, if it is due
        // end
    }

    public static async Task<decimal> PriceAsync(IPerdureClient client, string[] basket)
    {
        // snippet
        var total = await client.RunAsync(PriceWorkflow.Definition, basket, new() { Transient = true });
        // end
        return total;
    }

    private static class PriceWorkflow
    {
        public static readonly WorkflowDefinition<string[], decimal> Definition = new("price");
    }
}
