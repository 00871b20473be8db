using System.Text.RegularExpressions;

namespace Perdure.Processes.Tests.Samples;

/// <summary>The examples print what their page shows.</summary>
public partial class DurableExamplesTests
{
    private const string Program = "DurableExamples";

    [Theory]
    [InlineData("basic")]
    [InlineData("storage")]
    [InlineData("files")]
    [InlineData("retries")]
    [InlineData("longrunning")]
    [InlineData("eventlog")]
    [InlineData("idempotency")]
    [InlineData("hooks")]
    [InlineData("cancellation")]
    public async Task Example_PrintsWhatItsPageShows(string example)
    {
        var (exitCode, output) = await Child.RunAsync(Program, example);

        Assert.True(exitCode == 0, output);
        Assert.Equal(Comparable(Readme.OutputOf(Program, $"## {example}\n")), Comparable(output));
    }

    [Fact]
    public async Task A10_Storage_InTwoProcesses_TheSecondDoesNotRunTheFirstStepAgain()
    {
        using var folder = new TempFolder();
        string[] arguments = ["storage", "--db", folder.File("storage.db")];
        var shown = Readme.OutputOf(Program, "## storage\n").Split("--- The second engine\n");

        var first = await Child.RunAsync(Program, arguments);
        var second = await Child.RunAsync(Program, arguments);
        var third = await Child.RunAsync(Program, arguments);

        Assert.All([first, second, third], run => Assert.True(run.ExitCode == 0, run.Output));
        Assert.Equal(Comparable(shown[0]).Skip(1), Comparable(first.Output));
        Assert.Equal(Comparable(shown[1]), Comparable(second.Output));
        Assert.Equal(Comparable(shown[1]).Except(["[ship] ORD-1"]), Comparable(third.Output));
    }

    [Fact]
    public async Task NoArguments_ListEveryExample()
    {
        var (exitCode, output) = await Child.RunAsync(Program);

        Assert.Equal(0, exitCode);
        Assert.Equal(Readme.OutputOf(Program), output);
        Assert.Equal((0, output), await Child.RunAsync(Program, "--help"));
    }

    [Fact]
    public async Task DatabaseThatCannotBeOpened_IsExplainedAndEndsWithTwo()
    {
        using var folder = new TempFolder();

        var (exitCode, output) = await Child.RunAsync(Program, "storage", "--db", folder.File("nowhere/at/all.db"));

        Assert.Equal(2, exitCode);
        Assert.Contains("could not open the database", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no example 'basics'.", "basics")]
    [InlineData("There is no example '--db'.", "--db", "x.db")]
    [InlineData("The example 'basic' does not take '--db x.db'.", "basic", "--db", "x.db")]
    [InlineData("The example 'storage' does not take '--file x.db'.", "storage", "--file", "x.db")]
    [InlineData("The example 'storage' does not take '--db x.db --more'.", "storage", "--db", "x.db", "--more")]
    [InlineData("--db needs a file name.", "storage", "--db")]
    [InlineData("--db needs a file name.", "storage", "--db", "")]
    public async Task BadArguments_AreExplainedAndEndWithTwo(string message, params string[] arguments)
    {
        var (exitCode, output) = await Child.RunAsync(Program, arguments);

        Assert.Equal(2, exitCode);
        Assert.StartsWith(message + "\nUsage: DurableExamples EXAMPLE\n", output, StringComparison.Ordinal);
    }

    /// <summary>
    /// Lines without clock times. On a machine that stands still for a second a step becomes a long one, whose begin is an event as well: that event and
    /// the numbers that it moves are left out.
    /// </summary>
    private static string[] Comparable(string output) =>
        [.. Readme.Lines(output).Where(line => !line.Contains("step_started", StringComparison.Ordinal)).Select(line => Time().Replace(Number().Replace(line, ""), ""))];

    [GeneratedRegex(@"^ *\d+ +")]
    private static partial Regex Number();

    [GeneratedRegex(@"\d\d:\d\d:\d\d\.\d\d\d")]
    private static partial Regex Time();
}
