using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Perdure.AspNetCore;

/// <summary>Reads what a request carries, and writes what is wrong with it.</summary>
internal static class JsonBody
{
    private const int MaxBody = PerdureDefaults.MaxPayloadBytes;

    /// <summary>The body; null for an empty one.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="BadHttpRequestException">It is larger than 1 MiB.</exception>
    public static async Task<JsonElement?> ReadAsync(HttpContext context)
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

    /// <summary>Answers 400 with the code and each field that does not fit.</summary>
    public static Task WriteErrorsAsync(HttpContext context, InputValidationException refusal) => WriteAsync(context, StatusCodes.Status400BadRequest, json =>
    {
        json.WriteString("code", refusal.Code);
        json.WriteStartObject("errors");
        foreach (var (path, error) in refusal.Errors) json.WriteString(path, error);
        json.WriteEndObject();
    });

    /// <summary>Answers with an error's code and message.</summary>
    public static Task WriteErrorAsync(HttpContext context, int status, PerdureException error) => WriteAsync(context, status, json =>
    {
        json.WriteString("code", error.Code);
        json.WriteString("message", error.Message);
    });

    /// <summary>Answers with an object.</summary>
    public static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> members)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
    }
}
