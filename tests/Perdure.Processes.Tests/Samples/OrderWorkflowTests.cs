namespace Perdure.Processes.Tests.Samples;

/// <summary>The order sample, as a user runs it: from the command line, killed and started again.</summary>
public class OrderWorkflowTests
{
    private const string Program = "OrderWorkflow";
    private static readonly string[] Steps = ["validate", "charge", "ship", "confirm"];

    [Fact]
    public async Task A9_TheDefaultRunEndsWithThreeOrdersCompleted_TwiceInARow()
    {
        for (var i = 0; i < 2; i++)
        {
            var (exitCode, output) = await Child.RunAsync(Program);

            Assert.True(exitCode == 0, output);
            Assert.EndsWith("3 orders completed\n", output, StringComparison.Ordinal);
            Assert.Contains("payment declined", output, StringComparison.Ordinal);
            foreach (var order in new[] { "ORD-001", "ORD-002", "ORD-003" })
            {
                Assert.Equal(ExpectedOf(order), LinesOf(order, output));
            }
        }
    }

    [Fact]
    public async Task A9_FinishedStepsAreSkippedWhenTheWorkflowIsTriedAgain()
    {
        using var folder = new TempFolder();
        var effects = folder.File("e.log");

        var (exitCode, output) = await Child.RunAsync(Program, "--db", folder.File("o.db"), "--orders", "30", "--step-ms", "1", "--failure-rate", "0.9", "--effects", effects);

        Assert.True(exitCode == 0, output);
        var lines = Until.LinesOf(effects);
        foreach (var order in lines.GroupBy(line => line.Split(' ')[0]))
        {
            var steps = order.Select(line => line.Split(' ')[1]).ToList();
            Assert.Equal(1, steps.Count(step => step == "validate"));
            Assert.InRange(steps.Count(step => step == "charge"), 1, 5);
            Assert.Equal(1, steps.Count(step => step == "ship"));
            Assert.Equal(1, steps.Count(step => step == "confirm"));
        }
        Assert.Contains(lines, line => line.EndsWith("charge 5", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A10_KilledAtTenRandomMoments_AllOrdersAreCompletedAndNoStepFollowsALaterOne()
    {
        using var folder = new TempFolder();
        var (database, effects) = (folder.File("orders.db"), folder.File("e.log"));
        string[] arguments = ["--db", database, "--orders", "200", "--step-ms", "5", "--effects", effects];
        var random = new Random(20_260_801);
        var (meetsWork, between) = (0, 0);

        for (var kill = 0; kill < 10; kill++)
        {
            await using var child = Child.Start(Program, arguments);
            // A moment is a number of further lines: none, so that it dies while it starts or recovers, up to more than a tenth of the work.
            var lines = Until.LinesOf(effects).Length + random.Next(100);
            await Until.TrueAsync(() => child.HasExited || Until.LinesOf(effects).Length >= lines, "the killed program makes progress");
            await child.KillAsync();
            var states = StatesOf(effects);
            if (states.Count(state => state == Steps[^1]) < 200) meetsWork++;
            if (states.Any(state => state != Steps[^1])) between++;
        }
        Assert.True(meetsWork >= 5 && between >= 1, $"Of ten kills {meetsWork} met orders that were not confirmed, {between} orders on their way: too few.");
        var (exitCode, output) = await Child.RunAsync(Program, arguments);

        Assert.True(exitCode == 0, output);
        Assert.EndsWith("200 orders completed\n", output, StringComparison.Ordinal);
        var orders = Until.LinesOf(effects).GroupBy(line => line.Split(' ')[0]).ToList();
        Assert.Equal(200, orders.Count);
        foreach (var order in orders)
        {
            var positions = order.Select(line => Array.IndexOf(Steps, line.Split(' ')[1])).ToList();
            Assert.Equal(positions.Order(), positions);
            Assert.Equal([0, 1, 2, 3], positions.Distinct());
        }
    }

    /// <summary>The last step that each order has done.</summary>
    private static string[] StatesOf(string effects) => [.. Until.LinesOf(effects).GroupBy(line => line.Split(' ')[0]).Select(order => order.Last().Split(' ')[1])];

    [Fact]
    public async Task A7_ASecondStartOnTheSameFileRunsNothingAgain()
    {
        using var folder = new TempFolder();
        string[] arguments = ["--db", folder.File("o.db"), "--step-ms", "0", "--effects", folder.File("e.log")];
        Assert.Equal(0, (await Child.RunAsync(Program, arguments)).ExitCode);
        var before = Until.LinesOf(folder.File("e.log"));

        var (exitCode, output) = await Child.RunAsync(Program, arguments);

        Assert.Equal(0, exitCode);
        Assert.EndsWith("3 orders completed\n", output, StringComparison.Ordinal);
        Assert.Equal(before, Until.LinesOf(folder.File("e.log")));
    }

    [Fact]
    public async Task FailureRateOne_SaysWhichOrdersFailedAndEndsWithOne()
    {
        using var folder = new TempFolder();

        var (exitCode, output) = await Child.RunAsync(Program, "--db", folder.File("o.db"), "--step-ms", "0", "--failure-rate", "1");

        Assert.Equal(1, exitCode);
        Assert.Contains("ORD-002 failed:", output, StringComparison.Ordinal);
        Assert.EndsWith("0 orders completed, 3 failed\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DatabaseThatCannotBeOpened_IsExplainedAndEndsWithTwo()
    {
        using var folder = new TempFolder();

        var (exitCode, output) = await Child.RunAsync(Program, "--db", folder.File("nowhere/at/all.db"));

        Assert.Equal(2, exitCode);
        Assert.Contains("could not open the database", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no option '--order'", "--order", "3")]
    [InlineData("--orders needs a whole number", "--orders", "many")]
    [InlineData("--orders needs a whole number", "--orders", "0")]
    [InlineData("--failure-rate needs a number from 0 to 1", "--failure-rate", "1.5")]
    [InlineData("--step-ms needs a whole number", "--step-ms", "-1")]
    [InlineData("--seed needs a whole number", "--seed")]
    [InlineData("--db needs a file name", "--db", "")]
    public async Task BadOption_IsExplainedAndEndsWithTwo(string message, params string[] arguments)
    {
        var (exitCode, output) = await Child.RunAsync(Program, arguments);

        Assert.Equal(2, exitCode);
        Assert.StartsWith(message, output, StringComparison.Ordinal);
        Assert.Contains("Usage: OrderWorkflow", output, StringComparison.Ordinal);
    }

    private static List<string> LinesOf(string order, string output) =>
        [.. output.Split('\n').Where(line => line.Contains(order, StringComparison.Ordinal))];

    private static List<string> ExpectedOf(string order) => LinesOf(order, Readme.OutputOf(Program));
}
