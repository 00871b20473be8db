using Microsoft.AspNetCore.Http;

namespace Perdure.AspNetCore;

/// <summary>What somebody sees who opens a hook's link: a button. The same for every token, so that it tells nothing about one.</summary>
internal static class HookPage
{
    private const string Confirm = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Confirm</title></head>
        <body><form method="post"><p>Opening this link has changed nothing yet.</p><button type="submit">Confirm</button></form></body></html>
        """;

    private const string Done = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Thank you</title></head><body><p>Thank you. This link is of no more use.</p></body></html>
        """;

    public static Task ShowAsync(HttpContext context) => WriteAsync(context, Confirm);

    public static Task ThankAsync(HttpContext context) => WriteAsync(context, Done);

    /// <summary>Neither caches nor other sites may learn the address, which holds the token.</summary>
    public static void Protect(HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["X-Robots-Tag"] = "noindex";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    }

    private static Task WriteAsync(HttpContext context, string html)
    {
        Protect(context.Response);
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(html, context.RequestAborted);
    }
}
