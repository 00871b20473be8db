using System.Text.RegularExpressions;

namespace Perdure.Processes.Tests.Samples;

/// <summary>The examples print what their page shows.</summary>
public partial class DurableExamplesTests
{
    private const string Program = "DurableExamples";

    [Theory]
    [InlineData("basic")]
    [InlineData("storage")]
    [InlineData("retries")]
    [InlineData("longrunning")]
    [InlineData("eventlog")]
    [InlineData("idempotency")]
    [InlineData("cancellation")]
    public async Task Example_PrintsWhatItsPageShows(string example)
    {
        var (exitCode, output) = await Child.RunAsync(Program, example);

        Assert.True(exitCode == 0, output);
        Assert.Equal(WithoutTimes(Readme.OutputOf(Program, $"## {example}\n")), WithoutTimes(output));
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

        Assert.Equal((0, shown[0].Replace("--- The first engine\n", "", StringComparison.Ordinal)), first);
        Assert.Equal((0, shown[1]), second);
        Assert.Equal((0, shown[1].Replace("[ship] ORD-1\n", "", StringComparison.Ordinal)), third);
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

    private static string WithoutTimes(string output) => Time().Replace(output, "…");

    [GeneratedRegex(@"\d\d:\d\d:\d\d\.\d\d\d")]
    private static partial Regex Time();
}
