using System.Text.RegularExpressions;

namespace Perdure.Tests.Docs;

/// <summary>Links between documents lead somewhere.</summary>
public sealed partial class LinkTests
{
    [Theory]
    [MemberData(nameof(SnippetTests.Documents), MemberType = typeof(SnippetTests))]
    public void Links_ToFilesOfTheRepository_LeadSomewhere(string document)
    {
        var folder = Path.GetDirectoryName(Repository.File(document))!;
        var dead = Link().Matches(Markdown.Read(document)).Select(match => match.Groups["path"].Value)
            .Where(path => !path.Contains("://", StringComparison.Ordinal) && !path.StartsWith('#'))
            .Where(path => !Path.Exists(Path.Combine(folder, path.Split('#')[0])));
        Assert.Empty(dead);
    }

    [GeneratedRegex(@"\]\((?<path>[^)\s]+)\)")]
    private static partial Regex Link();
}
