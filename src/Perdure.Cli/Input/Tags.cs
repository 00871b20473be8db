namespace Perdure.Cli.Input;

/// <summary>Tags from the command line: <c>name=value</c>.</summary>
internal static class Tags
{
    /// <exception cref="UsageException">One has no name or no value, or a name comes twice.</exception>
    public static Dictionary<string, string>? Read(string[]? given)
    {
        if (given is not { Length: > 0 }) return null;
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in given)
        {
            var split = tag.IndexOf('=', StringComparison.Ordinal);
            if (split <= 0) throw new UsageException($"--tag is name=value, not '{tag}'.");
            if (!tags.TryAdd(tag[..split], tag[(split + 1)..])) throw new UsageException($"The tag '{tag[..split]}' is given twice.");
        }
        return tags;
    }

    /// <summary>As a filter: a name alone asks only that there is such a tag.</summary>
    public static Dictionary<string, string?>? ReadFilter(string[]? given)
    {
        if (given is not { Length: > 0 }) return null;
        var tags = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var tag in given)
        {
            var split = tag.IndexOf('=', StringComparison.Ordinal);
            tags[split < 0 ? tag : tag[..split]] = split < 0 ? null : tag[(split + 1)..];
        }
        return tags;
    }
}
