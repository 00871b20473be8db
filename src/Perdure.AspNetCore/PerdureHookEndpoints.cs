using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Perdure.AspNetCore;

/// <summary>Serves the links of hooks.</summary>
public static class PerdureHookEndpoints
{
    /// <summary>
    /// Serves hooks: <c>GET {prefix}/{token}</c> shows a page with a button and changes nothing; <c>POST {prefix}/{token}</c> answers the hook with the JSON of its body, of at most
    /// 1 MiB. Tokens that are unknown, expired or used get one and the same answer. The token is the only secret that is asked for, so the links work for people without an account;
    /// limit the rate in front of it.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">Where the hooks are served; the engine's option <c>HookUrl</c> is this place as it is seen from outside.</param>
    /// <param name="engine">Name of the engine whose hooks these are; null for the one without a name.</param>
    /// <returns>Both endpoints, for conventions such as rate limits.</returns>
    public static IEndpointConventionBuilder MapPerdureHooks(this IEndpointRouteBuilder endpoints, string prefix = "/hooks", string? engine = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        var hooks = endpoints.MapGroup(prefix);
        hooks.MapGet("/{token}", (RequestDelegate)HookPage.ShowAsync);
        hooks.MapPost("/{token}", (RequestDelegate)(context => HookAnswers.TakeAsync(context, engine)));
        return hooks;
    }
}
