using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Perdure.Tests.Docs.Snippets;

internal static class FileReadme
{
    public static void Register(IHostApplicationBuilder builder)
    {
        // snippet
        builder.Services.AddPerdure().UseFile("runs");
        // end
    }
}
