using System.Text.Json;

namespace Perdure.Cli.Input;

/// <summary><c>perdure.json</c> in the folder in which the tool is run: what need not be said each time. Flags and variables win.</summary>
internal static class ToolFile
{
    private const string Name = "perdure.json";

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>What the file says; null when it says nothing of that, or is not there.</summary>
    /// <exception cref="UsageException">The file cannot be used.</exception>
    public static string? Read(string member)
    {
        if (!File.Exists(Name)) return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(Name), Lenient);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new UsageException($"{Name} holds one object, with members such as \"db\" and \"assembly\".");
            if (!document.RootElement.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null) return null;
            return value.ValueKind == JsonValueKind.String ? value.GetString() : throw new UsageException($"{Name}: \"{member}\" is a text.");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{Name} cannot be read: {error.Message}", error);
        }
    }
}
