using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Perdure.AspNetCore;

/// <summary>Lets a serverless host work when it is asked to.</summary>
public static class PerdurePumpEndpoints
{
    /// <summary>
    /// Serves <c>POST {pattern}</c>: drives what is due within a budget, gives everything back and answers <c>{"processed": 3, "nextDue": "2026-01-31T12:00:00+00:00"}</c>, so that the platform
    /// can come again then; <c>nextDue</c> is null when only a message can wake anything. <c>?run=ID</c> ends as soon as that run has ended or waits; <c>?budget=20s</c> takes another budget, of at most
    /// <paramref name="budget"/>. Needs <see cref="PerdureOptions.Runtime"/> = <see cref="PerdureRuntime.Pump"/>.
    /// </summary>
    /// <remarks>Whoever can reach it can make this process work. Add <c>RequireAuthorization()</c> to what is returned, or serve it to the platform only.</remarks>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">Where it is served.</param>
    /// <param name="budget">How long work is begun; null for 50 seconds.</param>
    /// <param name="engine">Name of the engine; null for the one without a name.</param>
    /// <returns>The endpoint, for conventions such as authorization.</returns>
    public static IEndpointConventionBuilder MapPerdurePump(this IEndpointRouteBuilder endpoints, string pattern = "/pump", TimeSpan? budget = null, string? engine = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        return endpoints.MapPost(pattern, (RequestDelegate)(context => WorkAsync(context, budget ?? TimeSpan.FromSeconds(50), engine)));
    }

    private static async Task WorkAsync(HttpContext context, TimeSpan limit, string? engine)
    {
        var pump = context.RequestServices.GetRequiredKeyedService<IPerdurePump>(engine);
        var query = context.Request.Query;
        try
        {
            var budget = query.TryGetValue("budget", out var text) ? Durations.Parse(text.ToString()) : limit;
            var run = query.TryGetValue("run", out var id) ? id.ToString() : null;
            var report = await pump.RunOnceAsync(run, budget < limit ? budget : limit, context.RequestAborted);
            await JsonBody.WriteAsync(context, StatusCodes.Status200OK, json =>
            {
                json.WriteNumber("processed", report.Processed);
                if (report.NextDue is { } due) json.WriteString("nextDue", due);
                else json.WriteNull("nextDue");
            });
        }
        catch (InvalidOptionException e)
        {
            await JsonBody.WriteErrorAsync(context, StatusCodes.Status400BadRequest, e);
        }
    }
}
