using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Perdure.Tests.Docs.Snippets;

internal static class CleaningUp
{
    public static void Options(HostApplicationBuilder builder)
    {
        // snippet
        builder.Services.AddPerdure(options => options.Retention = RetentionPolicy.Short with { Cancelled = TimeSpan.FromDays(1) }).UseSqlite("Data Source=orders.db");
        // end
    }

    public static async Task PurgeAsync(IPerdureClient client, string orderId)
    {
        // snippet
        var old = new PurgeOptions { OlderThan = TimeSpan.FromDays(30), DryRun = true };
        Console.WriteLine($"{(await client.PurgeAsync(old)).Count} runs would go");
        await client.PurgeAsync(old with { DryRun = false });
        await client.DeleteAsync(orderId);
        // end
    }
}
