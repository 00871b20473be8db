namespace Perdure.Tests.Docs;

/// <summary>Reads what the tests need of a document.</summary>
internal static class Markdown
{
    public static string Read(string path) => File.ReadAllText(Repository.File(path)).ReplaceLineEndings("\n");

    /// <summary>The rows of every table whose first column is headed <paramref name="heading"/>, cell by cell.</summary>
    public static List<string[]> Rows(string text, string heading)
    {
        var rows = new List<string[]>();
        var inside = false;
        foreach (var line in text.Split('\n'))
        {
            if (!line.StartsWith('|'))
            {
                inside = false;
                continue;
            }
            var cells = line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries);
            if (cells[0] == heading) inside = true;
            else if (inside && !cells[0].StartsWith("---", StringComparison.Ordinal)) rows.Add(cells);
        }
        return rows;
    }

    /// <summary>A cell without its code marks.</summary>
    public static string Plain(string cell) => cell.Replace("`", "", StringComparison.Ordinal);
}
