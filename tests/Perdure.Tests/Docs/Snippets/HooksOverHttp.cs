using Microsoft.AspNetCore.Builder;
using Perdure.AspNetCore;

namespace Perdure.Tests.Docs.Snippets.HooksOverHttp;

internal static class Program
{
    public static void Map(WebApplication app)
    {
        // snippet
        app.MapPerdureHooks("/hooks");
        // end
    }
}
