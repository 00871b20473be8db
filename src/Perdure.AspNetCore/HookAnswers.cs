using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Perdure.AspNetCore;

/// <summary>Takes the answers to hooks.</summary>
internal static class HookAnswers
{
    /// <param name="context">The request.</param>
    /// <param name="engine">Name of the engine; null for the one without.</param>
    public static async Task TakeAsync(HttpContext context, string? engine)
    {
        HookPage.Protect(context.Response);
        var client = context.RequestServices.GetRequiredKeyedService<IPerdureClient>(engine);
        var token = (string)context.Request.RouteValues["token"]!;
        try
        {
            var isButton = context.Request.HasFormContentType;
            await AnswerAsync(client, token, isButton ? null : await JsonBody.ReadAsync(context), isButton, context.RequestAborted);
            if (isButton) await HookPage.ThankAsync(context);
            else context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        catch (HookRefusedException)
        {
            // Why is nobody's business: one answer for unknown, used and expired tokens.
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        catch (InputValidationException e)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await JsonBody.WriteErrorsAsync(context, e);
        }
        catch (Exception e) when (e is JsonException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        catch (Exception e) when (e is PayloadTooLargeException or BadHttpRequestException)
        {
            context.Response.StatusCode = (e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status413PayloadTooLarge;
        }
    }

    /// <summary>The button means yes; where the hook takes no yes or no, it brings nothing but the news that it was pressed.</summary>
    private static async Task AnswerAsync(IPerdureClient client, string token, JsonElement? payload, bool isButton, CancellationToken cancellationToken)
    {
        if (!isButton)
        {
            await client.ResumeHookAsync(token, payload, cancellationToken);
            return;
        }
        try
        {
            await client.ResumeHookAsync(token, true, cancellationToken);
        }
        catch (InputValidationException)
        {
            await client.ResumeHookAsync(token, null, cancellationToken);
        }
    }
}
