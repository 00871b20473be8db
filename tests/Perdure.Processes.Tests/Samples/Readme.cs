namespace Perdure.Processes.Tests.Samples;

/// <summary>What the samples' documents promise.</summary>
internal static class Readme
{
    /// <summary>The first block of expected output in a sample's README; the one behind <paramref name="heading"/> if given.</summary>
    public static string OutputOf(string sample, string? heading = null)
    {
        var text = File.ReadAllText(Path.Combine(Root(), "samples", sample, "README.md"));
        var from = heading is null ? 0 : text.IndexOf(heading, StringComparison.Ordinal);
        Assert.True(from >= 0, $"The README of {sample} has no '{heading}'.");
        var start = text.IndexOf("```text\n", from, StringComparison.Ordinal) + "```text\n".Length;
        return text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
    }

    /// <summary>The same, line by line.</summary>
    public static string[] LinesOf(string sample, string? heading = null) => Lines(OutputOf(sample, heading));

    /// <summary>The lines of an output, but for the one that names a file of its own each time.</summary>
    public static string[] Lines(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("Database:", StringComparison.Ordinal))];

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Perdure.slnx"))) folder = folder.Parent ?? throw new InvalidOperationException("The repository was not found.");
        return folder.FullName;
    }
}
