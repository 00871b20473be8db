using Perdure.Cli.Tests.Running;

namespace Perdure.Cli.Tests.Commands;

/// <summary><c>check</c> and <c>replay</c>.</summary>
public sealed class CheckTests(WorkedStore store) : IClassFixture<WorkedStore>
{
    [Fact]
    public async Task Check_EndsWith1_WhereNewCodeWouldBlockARun()
    {
        var tool = store.Tool;
        await tool.DoneAsync("start", "changes", "--input", "\"it\"", "--id", "stands");
        await tool.DoneAsync("start", "greet", "--input", "\"Ann\"", "--id", "ended", "--wait");
        for (var tries = 0; (await tool.JsonAsync("show", "stands")).GetProperty("status").GetString() != "Suspended"; tries++) Assert.InRange(tries, 0, 100);
        var before = await tool.DoneAsync("events", "stands");

        Assert.Equal("1 fit, 0 would be blocked, 0 without code\n", await tool.DoneAsync("check", "--assembly", Tool.App));
        Assert.Equal("stands changes: fits\n", await tool.DoneAsync("replay", "stands", "--assembly", Tool.App));
        Assert.Equal("ended greet: fits\n", await tool.DoneAsync("replay", "ended", "--assembly", Tool.App));

        tool.Environment["CLI_TEST_BUILD"] = "new";
        var answer = await tool.RunAsync("check", "--assembly", Tool.App);
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("stands changes: diverges at event 1: expected WaitStarted \"approved\" (operation 0) recorded at AppModule.cs:", answer.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n0 fit, 1 would be blocked, 0 without code\n", answer.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await tool.RunAsync("replay", "stands", "--assembly", Tool.App)).ExitCode);
        Assert.Equal("0 fit, 0 would be blocked, 0 without code\n", await tool.DoneAsync("check", "--assembly", Tool.App, "--workflow", "greet"));
        var one = await tool.RunAsync("check", "--assembly", Tool.App, "-o", "ndjson");
        Assert.Contains("\"verdict\":\"Diverges\",\"sequence\":1", one.Output, StringComparison.Ordinal);
        tool.Environment.Remove("CLI_TEST_BUILD");

        await tool.DoneAsync("start", "not-written-yet", "--id", "unknown");
        Assert.EndsWith("1 without code\n", await tool.DoneAsync("check", "--assembly", Tool.App), StringComparison.Ordinal);
        Assert.Equal(1, (await tool.RunAsync("check", "--assembly", Tool.App, "--all-known")).ExitCode);
        Assert.Equal(3, (await tool.RunAsync("replay", "unknown", "--assembly", Tool.App)).ExitCode);
        (await tool.RunAsync("check")).Refused(2, "--assembly");
        (await tool.RunAsync("replay", "nobody", "--assembly", Tool.App)).Refused(3, "nobody");
        Assert.Equal(before, await tool.DoneAsync("events", "stands"));
    }
}
