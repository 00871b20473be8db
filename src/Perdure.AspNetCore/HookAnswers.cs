using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Perdure.AspNetCore;

/// <summary>Takes the answers to hooks.</summary>
internal static class HookAnswers
{
    private const int MaxBody = PerdureDefaults.MaxPayloadBytes;

    public static async Task TakeAsync(HttpContext context)
    {
        HookPage.Protect(context.Response);
        var client = context.RequestServices.GetRequiredService<IPerdureClient>();
        var token = (string)context.Request.RouteValues["token"]!;
        try
        {
            var isButton = context.Request.HasFormContentType;
            await AnswerAsync(client, token, isButton ? null : await ReadAsync(context), isButton, context.RequestAborted);
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
            await WriteErrorsAsync(context, e);
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

    private static async Task<JsonElement?> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentLength > MaxBody) throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
        if (request.ContentLength == 0) return null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxBody;
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, context.RequestAborted);
        if (buffer.Length == 0) return null;
        if (buffer.Length > MaxBody) throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
        buffer.Position = 0;
        using var document = await JsonDocument.ParseAsync(buffer, default, context.RequestAborted);
        return document.RootElement.Clone();
    }

    private static async Task WriteErrorsAsync(HttpContext context, InputValidationException refusal)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("code", refusal.Code);
        json.WriteStartObject("errors");
        foreach (var (path, error) in refusal.Errors) json.WriteString(path, error);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
