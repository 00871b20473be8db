namespace Perdure.Tests.Docs;

/// <summary>Every C# block of every document is a marked region of code that this project compiles.</summary>
/// <remarks>A region stands in <c>Docs/Snippets</c> between <c>// snippet</c> and <c>// end</c>; its indentation does not matter.</remarks>
public sealed class SnippetTests
{
    private const string Fence = "```";
    private static readonly Dictionary<string, string> Regions = ReadRegions();

    public static TheoryData<string> Documents => [.. MarkdownFiles()];

    [Theory]
    [MemberData(nameof(Documents))]
    public void CSharpBlocks_AreCompiledRegions(string document)
    {
        var unknown = Blocks(Markdown.Read(document)).Where(block => !Regions.ContainsKey(block));
        Assert.True(!unknown.Any(), $"{document} has code that is compiled nowhere. Put it into a region of tests/Perdure.Tests/Docs/Snippets.\n\n{string.Join("\n\n", unknown)}");
    }

    [Fact]
    public void Regions_AreAllShownSomewhere()
    {
        var shown = MarkdownFiles().SelectMany(file => Blocks(Markdown.Read(file))).ToHashSet();
        var hidden = Regions.Where(region => !shown.Contains(region.Key)).Select(region => $"{region.Value}:\n{region.Key}");
        Assert.True(!hidden.Any(), $"These regions are shown in no document.\n\n{string.Join("\n\n", hidden)}");
    }

    [Fact]
    public void Documents_HaveAGoodNumberOfBlocks() =>
        Assert.InRange(MarkdownFiles().Sum(file => Blocks(Markdown.Read(file)).Count()), 10, 1_000);

    [Fact]
    public void Blocks_OtherThanCSharp_SayWhatTheyAre()
    {
        var bare = MarkdownFiles().Where(file => Markdown.Read(file).Split('\n').Where(line => line.StartsWith(Fence, StringComparison.Ordinal)).Where((line, i) => i % 2 == 0 && line == Fence).Any());
        Assert.Empty(bare);
    }

    private static IEnumerable<string> Blocks(string markdown)
    {
        var lines = markdown.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] is not (Fence + "csharp" or Fence + "cs" or Fence + "c#")) continue;
            var begin = i + 1;
            for (i = begin; lines[i] != Fence;) i++;
            yield return Dedent(lines[begin..i]);
        }
    }

    private static Dictionary<string, string> ReadRegions()
    {
        var regions = new Dictionary<string, string>();
        foreach (var file in Directory.EnumerateFiles(Repository.File("tests/Perdure.Tests/Docs/Snippets"), "*.cs", SearchOption.AllDirectories))
        {
            var lines = File.ReadAllText(file).ReplaceLineEndings("\n").Split('\n');
            for (var i = 0; i < lines.Length; i++)
            {
                if (lines[i].Trim() != "// snippet") continue;
                var begin = i + 1;
                for (i = begin; lines[i].Trim() != "// end";) i++;
                regions.Add(Dedent(lines[begin..i]), $"{Path.GetFileName(file)}:{begin}");
            }
        }
        return regions;
    }

    private static string Dedent(string[] lines)
    {
        var margin = lines.Where(line => line.Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty().Min();
        return string.Join('\n', lines.Select(line => line.Length == 0 ? "" : line[margin..].TrimEnd())).Trim('\n');
    }

    private static IEnumerable<string> MarkdownFiles() =>
        Directory.EnumerateFiles(Repository.Root, "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Where(file => !file.StartsWith("artifacts/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
}
