using System.Text;
using System.Text.Json;

namespace Perdure.Cli.Input;

/// <summary>JSON from the command line: the text itself, <c>@file</c>, or <c>-</c> for standard input.</summary>
internal static class JsonInput
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = PerdureDefaults.MaxPayloadDepth };

    /// <summary>The value; null when nothing was given.</summary>
    /// <param name="given">What stands on the command line.</param>
    /// <param name="what">The option's name, for the message.</param>
    /// <param name="stop">Cancels the reading.</param>
    /// <exception cref="UsageException">It is no JSON, or the file cannot be read.</exception>
    public static async Task<JsonElement?> ReadAsync(string? given, string what, CancellationToken stop)
    {
        if (given is null) return null;
        var text = given == "-" ? await Console.In.ReadToEndAsync(stop) : given.StartsWith('@') ? await FileAsync(given[1..], what, stop) : given;
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new UsageException($"{what} is no JSON: {error.Message} A text needs its quotes: '\"ann\"'.", error);
        }
    }

    private static async Task<string> FileAsync(string path, string what, CancellationToken stop)
    {
        try
        {
            return await File.ReadAllTextAsync(path, Encoding.UTF8, stop);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"{what}: the file '{path}' cannot be read: {error.Message}", error);
        }
    }
}
