namespace Perdure.Cli.Tests.Running;

/// <summary>How the tool ended, and what it wrote.</summary>
internal sealed record Answer(int ExitCode, string Output, string Error)
{
    /// <summary>It refused, with one line about why, and wrote no data.</summary>
    public void Refused(int exitCode, string why)
    {
        Assert.True(exitCode == ExitCode, $"It ended with {ExitCode}: {Output}{Error}");
        Assert.Equal("", Output);
        Assert.StartsWith("perdure: ", Error, StringComparison.Ordinal);
        Assert.Contains(why, Error, StringComparison.Ordinal);
        Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
