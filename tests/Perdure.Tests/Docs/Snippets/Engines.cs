using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Perdure.Tests.Docs.Snippets;

internal static class Engines
{
    public static void Register(IHostApplicationBuilder builder)
    {
        // snippet
        builder.Services.AddPerdure("orders").UseSqlite("Data Source=orders.db");
        builder.Services.AddPerdure("mails", options => options.Queue("mails", maxConcurrency: 4)).UseSqlite("Data Source=mails.db");
        // end
    }
}
