using System.Diagnostics;
using Perdure.Cli.Tests.Running;

namespace Perdure.Cli.Tests;

/// <summary>What <c>docs/cli.md</c> shows does what it says.</summary>
public sealed class DocumentTests : IDisposable
{
    private const string Mark = "~~~ next block ~~~";

    private static readonly string Text = File.ReadAllText(Repository.Path("docs", "cli.md")).ReplaceLineEndings("\n");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tour_WritesWhatTheDocumentShows()
    {
        var blocks = Blocks(Section("## A tour")).ToArray();
        var expected = new List<string>();
        var script = new List<string> { "set -e", $"perdure() {{ '{Tool.Program}' \"$@\"; }}" };
        foreach (var (kind, text) in blocks)
        {
            if (kind == "text")
            {
                expected[^1] = text;
                continue;
            }
            expected.Add("");
            script.Add(text.Replace("app.dll", $"'{Tool.App}'", StringComparison.Ordinal));
            script.Add($"echo '{Mark}'");
        }
        script.AddRange(["kill $!", "wait"]);
        // A function in the background is a shell of its own, which would not hand the signal on.
        var (exitCode, output, error) = await ShellAsync(string.Join('\n', script).Replace("perdure worker", $"'{Tool.Program}' worker", StringComparison.Ordinal));
        Assert.True(exitCode == 0, $"It ended with {exitCode}: {output}{error}");
        Assert.Equal(expected, output.Split(Mark + "\n").SkipLast(1));
        Assert.InRange(expected.Count, 5, 20);
    }

    [Fact]
    public async Task Commands_AreAllInTheTable()
    {
        foreach (var (group, prefix) in new[] { ("", ""), ("db", "db ") })
        {
            var help = await new Tool(null).DoneAsync(group.Length == 0 ? [] : [group]);
            var names = help[help.IndexOf("Commands:", StringComparison.Ordinal)..].Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
                .Select(line => line.Trim().Split(' ', ',')[0]).Except(["run", "db"]).ToArray();
            Assert.NotEmpty(names);
            Assert.All(names, name => Assert.Contains($"| `perdure {prefix}{name}", Text, StringComparison.Ordinal));
        }
    }

    private async Task<(int ExitCode, string Output, string Error)> ShellAsync(string script)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = _folder.Path };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        start.Environment["CLI_TEST_EFFECTS"] = _folder.File("effects");
        using var shell = Process.Start(start)!;
        shell.StandardInput.Close();
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            await shell.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            shell.Kill(entireProcessTree: true);
            throw new TimeoutException($"The tour did not end. It wrote:\n{await output}{await error}");
        }
        return (shell.ExitCode, await output, await error);
    }

    private static string Section(string heading)
    {
        var from = Text.IndexOf(heading, StringComparison.Ordinal);
        var to = Text.IndexOf("\n## ", from + heading.Length, StringComparison.Ordinal);
        return Text[from..to];
    }

    private static IEnumerable<(string Kind, string Text)> Blocks(string section)
    {
        foreach (var part in section.Split("\n```").Where((_, i) => i % 2 == 1))
        {
            var end = part.IndexOf('\n', StringComparison.Ordinal);
            yield return (part[..end], part[(end + 1)..] + "\n");
        }
    }
}
