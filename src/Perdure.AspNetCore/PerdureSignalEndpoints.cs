using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Perdure.AspNetCore;

/// <summary>Takes signals for runs.</summary>
public static class PerdureSignalEndpoints
{
    /// <summary>Header of a request that makes its signal idempotent: <c>Perdure-Message-Id</c>.</summary>
    public const string MessageIdHeader = "Perdure-Message-Id";

    /// <summary>
    /// Serves <c>POST {prefix}/{run}/signals/{name}</c>: sends the run a signal with the JSON of the body, of at most 1 MiB; without a body its payload is null. The header
    /// <c>Perdure-Message-Id</c> makes it idempotent. Answers: 202 when the signal is durable, 404 for an unknown run, 409 for one that has ended, 429 for one with too many signals that nobody took,
    /// 400 and 413 for a body or name that cannot be.
    /// </summary>
    /// <remarks>Whoever can reach it can signal every run. Add <c>RequireAuthorization()</c> to what is returned.</remarks>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">Where runs are served.</param>
    /// <param name="engine">Name of the engine whose runs these are; null for the one without a name.</param>
    /// <returns>The endpoint, for conventions such as authorization and rate limits.</returns>
    public static IEndpointConventionBuilder MapPerdureSignals(this IEndpointRouteBuilder endpoints, string prefix = "/runs", string? engine = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        return endpoints.MapPost(prefix + "/{run}/signals/{name}", (RequestDelegate)(context => TakeAsync(context, engine)));
    }

    private static async Task TakeAsync(HttpContext context, string? engine)
    {
        var client = context.RequestServices.GetRequiredKeyedService<IPerdureClient>(engine);
        var (run, name) = ((string)context.Request.RouteValues["run"]!, (string)context.Request.RouteValues["name"]!);
        var messageId = context.Request.Headers.TryGetValue(MessageIdHeader, out var given) ? given.ToString() : null;
        try
        {
            await client.SignalAsync(run, name, await JsonBody.ReadAsync(context), messageId, context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        catch (RunNotFoundException e)
        {
            await JsonBody.WriteErrorAsync(context, StatusCodes.Status404NotFound, e);
        }
        catch (RunClosedException e)
        {
            await JsonBody.WriteErrorAsync(context, StatusCodes.Status409Conflict, e);
        }
        catch (TooManySignalsException e)
        {
            await JsonBody.WriteErrorAsync(context, StatusCodes.Status429TooManyRequests, e);
        }
        catch (PayloadTooLargeException e)
        {
            await JsonBody.WriteErrorAsync(context, StatusCodes.Status413PayloadTooLarge, e);
        }
        catch (InvalidOptionException e)
        {
            await JsonBody.WriteErrorAsync(context, StatusCodes.Status400BadRequest, e);
        }
        catch (BadHttpRequestException e)
        {
            context.Response.StatusCode = e.StatusCode;
        }
        catch (JsonException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    }
}
