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

    public static void MapWork(WebApplication app)
    {
        // snippet
        app.MapPerdurePump("/pump").RequireAuthorization();
        // end
    }

    public static void MapSignals(WebApplication app)
    {
        // snippet
        app.MapPerdureSignals("/runs").RequireAuthorization();
        // end
    }
}
