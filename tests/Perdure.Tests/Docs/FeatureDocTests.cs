using System.Text.RegularExpressions;

namespace Perdure.Tests.Docs;

/// <summary><c>docs/features.md</c> names tests that exist and run.</summary>
public sealed partial class FeatureDocTests
{
    private static readonly Lazy<HashSet<string>> Tests = new(FindTests);

    [Fact]
    public void Tests_NamedForAFeature_ExistAndRun()
    {
        var rows = Markdown.Rows(Markdown.Read("docs/features.md"), "What");
        var wrong = new List<string>();
        foreach (var row in rows)
        {
            Assert.Equal(3, row.Length);
            var names = Name().Matches(row[1]).Select(match => match.Groups["name"].Value).ToList();
            if (names.Count == 0) wrong.Add($"'{row[0]}' names no test");
            wrong.AddRange(names.Where(name => !Tests.Value.Contains(name)).Select(name => $"'{row[0]}' names {name}"));
            if (!row[2].StartsWith('[')) wrong.Add($"'{row[0]}' names no page");
        }
        Assert.Empty(wrong);
        Assert.True(rows.Count > 60, $"Only {rows.Count} lines were read.");
    }

    [Fact]
    public void Tables_HaveNoGaps_ThatHideTheRowsBehindThem()
    {
        var lines = Markdown.Read("docs/features.md").Split('\n');
        var heads = lines.Zip(lines.Skip(1)).Where(static pair => pair.First.StartsWith('|') && pair.Second.StartsWith("|---", StringComparison.Ordinal)).Select(static pair => pair.First);
        // A row without a head above it is read by nobody: every block of rows begins with one.
        var begins = lines.Prepend("").Zip(lines).Where(static pair => pair.Second.StartsWith('|') && !pair.First.StartsWith('|')).Select(static pair => pair.Second);
        Assert.Equal(heads, begins);
    }

    /// <summary>Every method that a runner takes for a test and does not skip, by its name and by class and name.</summary>
    private static HashSet<string> FindTests()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Repository.File("tests"), "*.cs", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file).ReplaceLineEndings("\n");
            if (ClassName().Match(text) is not { Success: true } type) continue;
            foreach (Match test in Test().Matches(text))
            {
                if (test.Groups["marks"].Value.Contains("Skip", StringComparison.Ordinal)) continue;
                found.Add(test.Groups["name"].Value);
                found.Add($"{type.Groups["name"].Value}.{test.Groups["name"].Value}");
            }
        }
        return found;
    }

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"^public (?:abstract |sealed |static )*(?:partial )?class (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex ClassName();

    [GeneratedRegex(@"\[(?:\w*Fact|Theory)(?<marks>[^\n]*\n(?:\s*\[[^\n]*\n)*)\s*public (?:async )?(?:void|Task|ValueTask) (?<name>\w+)\(")]
    private static partial Regex Test();
}
