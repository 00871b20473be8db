using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Processes.Tests.Samples;

/// <summary>The onboarding sample, as a user runs it: from the command line, killed in its sleep and started again.</summary>
public class OnboardingTests
{
    private const string Program = "Onboarding";

    [Fact]
    public async Task A1_AUserWhoConfirmsGetsOneMail()
    {
        var (exitCode, output) = await Child.RunAsync(Program);

        Assert.True(exitCode == 0, output);
        Assert.Equal(Readme.LinesOf(Program), Readme.Lines(output));
    }

    [Fact]
    public async Task A2_AUserWhoDoesNotConfirmGetsTheSameMailTwice()
    {
        var (exitCode, output) = await Child.RunAsync(Program, "--clicked", "false", "--compress", "36000");

        Assert.True(exitCode == 0, output);
        Assert.Equal(Readme.LinesOf(Program, "## A user who does not click"), Readme.Lines(output));
    }

    [Fact]
    public async Task A4_KilledWhileItSleeps_TheNextStartSendsNoMailAndSleepsNoSecondHour()
    {
        using var folder = new TempFolder();
        var database = folder.File("onboarding.db");
        await using var services = ClientOf(database);
        var client = services.GetRequiredService<IPerdureClient>();

        await using var first = Child.Start(Program, "--db", database, "--compress", "180", "--clicked", "false");
        await first.WroteAsync("[sleep]");
        await Until.TrueAsync(async () => (await client.GetByKeyAsync("onboard_user/7")).Status == RunStatus.Suspended, "the run sleeps");
        await first.KillAsync();
        var due = (await client.GetByKeyAsync("onboard_user/7")).DueAt;
        var (exitCode, output) = await Child.RunAsync(Program, "--db", database, "--compress", "180", "--clicked", "true");

        Assert.True(exitCode == 0, output);
        Assert.Equal(Readme.LinesOf(Program, "## Kill it"), Readme.Lines(first.Output));
        Assert.Equal(Readme.LinesOf(Program, "Start it again").Order(), Readme.Lines(output).Order());
        var run = await client.GetByKeyAsync("onboard_user/7");
        var history = await client.GetHistoryAsync(run.Id);
        Assert.Equal(due, Assert.Single(history, e => e.Kind == EventKind.SleepStarted).Due);
        Assert.True(Assert.Single(history, e => e.Kind == EventKind.SleepCompleted).Timestamp >= due);
        Assert.Equal(["email", "check", "score"], history.Where(e => e.Kind == EventKind.StepCompleted).Select(e => e.Name));
    }

    [Fact]
    public async Task Click_FromAnotherProcess_EndsTheWait()
    {
        using var folder = new TempFolder();
        var database = folder.File("onboarding.db");

        // A day of four minutes: only the click can end the wait in time.
        await using var waiting = Child.Start(Program, "signal", "--db", database, "--compress", "360");
        await waiting.WroteAsync("[wait]");
        var click = await Child.RunAsync(Program, "click", "--db", database);

        Assert.True(await waiting.ExitAsync() == 0, waiting.Output);
        Assert.True(click.ExitCode == 0, click.Output);
        Assert.Equal(Readme.LinesOf(Program, "## Tell it").Select(line => line.Replace("24s", "4m", StringComparison.Ordinal)), Readme.Lines(waiting.Output));
        Assert.Equal(Readme.LinesOf(Program, "The second process"), Readme.Lines(click.Output));
    }

    [Fact]
    public async Task Click_WhileNoProcessHasTheRun_IsHeardByTheNextOne()
    {
        using var folder = new TempFolder();
        string[] arguments = ["signal", "--db", folder.File("onboarding.db"), "--compress", "360"];
        await using var services = ClientOf(folder.File("onboarding.db"));
        var client = services.GetRequiredService<IPerdureClient>();

        await using var first = Child.Start(Program, arguments);
        await first.WroteAsync("[wait]");
        await Until.TrueAsync(async () => (await client.GetByKeyAsync("onboard_user_by_signal/7")).Status == RunStatus.Suspended, "the run waits");
        await first.KillAsync();
        var click = await Child.RunAsync(Program, "click", "--db", folder.File("onboarding.db"));
        var (exitCode, output) = await Child.RunAsync(Program, arguments);

        Assert.True(click.ExitCode == 0, click.Output);
        Assert.True(exitCode == 0, output);
        Assert.Equal(Readme.LinesOf(Program, "Kill the first process").Order(), Readme.Lines(output).Order());
    }

    [Fact]
    public async Task Click_WithoutARunThatWaits_EndsWithOne()
    {
        using var folder = new TempFolder();

        var (exitCode, output) = await Child.RunAsync(Program, "click", "--db", folder.File("o.db"), "--user", "9");

        Assert.Equal(1, exitCode);
        Assert.Contains("There is no run 'onboard_user_by_signal/9'", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A7_ASecondStartOnTheSameFileOnlyShowsTheResult()
    {
        using var folder = new TempFolder();
        string[] arguments = ["--db", folder.File("o.db"), "--user", "8", "--compress", "1000000"];
        Assert.Equal(0, (await Child.RunAsync(Program, arguments)).ExitCode);

        var (exitCode, output) = await Child.RunAsync(Program, arguments);

        Assert.Equal(0, exitCode);
        Assert.Equal(["[found] user 8: was started before", "Result: {\"ok\":true,\"score\":48}"], Readme.Lines(output));
    }

    [Fact]
    public async Task AnotherFactorForTheSameUser_IsRefusedAndEndsWithTwo()
    {
        using var folder = new TempFolder();
        Assert.Equal(0, (await Child.RunAsync(Program, "--db", folder.File("o.db"), "--compress", "1000000")).ExitCode);

        var (exitCode, output) = await Child.RunAsync(Program, "--db", folder.File("o.db"), "--compress", "999999");

        Assert.Equal(2, exitCode);
        Assert.Contains("User 7 is in this database already, with another --compress.", output, StringComparison.Ordinal);
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
    [InlineData("There is no option '--click'", "--click", "true")]
    [InlineData("There is no option '--clicked' of 'signal'", "signal", "--clicked", "true")]
    [InlineData("There is no option '--compress' of 'click'", "click", "--db", "o.db", "--compress", "1")]
    [InlineData("There is no command 'clock'", "clock", "--db", "o.db")]
    [InlineData("Which database is the run in?", "click", "--user", "7")]
    [InlineData("--clicked needs true or false", "--clicked", "maybe")]
    [InlineData("--clicked needs true or false", "--clicked")]
    [InlineData("--user needs a whole number", "--user", "0")]
    [InlineData("--compress needs a whole number", "--compress", "-1")]
    [InlineData("--db needs a file name", "--db", "")]
    public async Task BadOption_IsExplainedAndEndsWithTwo(string message, params string[] arguments)
    {
        var (exitCode, output) = await Child.RunAsync(Program, arguments);

        Assert.Equal(2, exitCode);
        Assert.StartsWith(message, output, StringComparison.Ordinal);
        Assert.Contains("Usage: Onboarding", output, StringComparison.Ordinal);
    }

    private static ServiceProvider ClientOf(string database)
    {
        var services = new ServiceCollection();
        services.AddPerdureClient().UseSqlite($"Data Source={database}");
        return services.BuildServiceProvider();
    }
}
