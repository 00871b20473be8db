namespace Perdure.Authoring;

/// <summary>Where workflow code called the engine; recorded with the operation and shown when a replay differs.</summary>
internal readonly record struct SourceLine(string File, int Line)
{
    /// <summary>The file's name without its directories, and the line: <c>OrderWorkflow.cs:12</c>.</summary>
    public override string ToString()
    {
        if (string.IsNullOrEmpty(File)) return "";
        // A path of the machine that compiled the code: either separator, whatever this machine uses.
        ReadOnlySpan<char> name = File.AsSpan(File.AsSpan().LastIndexOfAny('/', '\\') + 1);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}:{Line}");
    }
}
