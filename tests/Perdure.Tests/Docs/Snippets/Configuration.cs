using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Perdure.Tests.Docs.Snippets;

internal static class Configuration
{
    public static void Options(HostApplicationBuilder builder)
    {
        // snippet
        builder.Services.AddPerdure(options =>
        {
            options.MaxResidentRuns = 2_000;
            options.Queue("default").Queue("payments", maxConcurrency: 4, maxRuns: 8);
        }).UseSqlite("Data Source=orders.db");
        // end
    }
}
