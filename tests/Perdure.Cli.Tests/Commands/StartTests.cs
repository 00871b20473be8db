using Perdure.Cli.Tests.Running;

namespace Perdure.Cli.Tests.Commands;

/// <summary><c>perdure start</c></summary>
public sealed class StartTests(WorkedStore store) : IClassFixture<WorkedStore>
{
    private Tool Tool => store.Tool;

    [Fact]
    public async Task Start_Wait_WritesTheResultAlone()
    {
        var answer = await Tool.RunAsync("start", "greet", "--input", "\"Ann\"", "--wait");
        Assert.Equal((0, "\"Hello Ann\"\n"), (answer.ExitCode, answer.Output));
        Assert.Matches("^[0-9a-f]{32}\n$", answer.Error);
    }

    [Fact]
    public async Task Start_WaitJson_TellsEverything()
    {
        var answer = await Tool.JsonAsync("start", "greet", "--input", "\"Bo\"", "--id", "bo-1", "--timeout", "30s");
        Assert.Equal("bo-1", answer.GetProperty("id").GetString());
        Assert.True(answer.GetProperty("created").GetBoolean());
        Assert.Equal("Completed", answer.GetProperty("status").GetString());
        Assert.Equal("Hello Bo", answer.GetProperty("result").GetString());
    }

    [Fact]
    public async Task Start_Twice_WithOneKey_FindsTheFirst()
    {
        var first = await Tool.DoneAsync("start", "greet", "--input", "\"Key\"", "--key", "k1");
        var second = await Tool.RunAsync("start", "greet", "--input", "\"Key\"", "--key", "k1");
        Assert.Equal((0, first), (second.ExitCode, second.Output));
        Assert.Contains("already", second.Error, StringComparison.Ordinal);
        (await Tool.RunAsync("start", "greet", "--input", "\"other\"", "--key", "k1")).Refused(4, "PERD1203");
    }

    [Fact]
    public async Task Start_OfARunThatFails_EndsWith5AndItsError()
    {
        var told = await Tool.RunAsync("start", "fails", "--input", "\"no-stock\"", "--timeout", "1m");
        Assert.Equal((5, ""), (told.ExitCode, told.Output));
        Assert.Contains("PERD1501", told.Error, StringComparison.Ordinal);
        var answer = await Tool.RunAsync("start", "fails", "--input", "\"no-stock\"", "--wait", "-o", "ndjson");
        Assert.Equal(5, answer.ExitCode);
        Assert.Contains("\"code\":\"no-stock\"", Assert.Single(answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ThatTakesTooLong_EndsWith6AndGoesOn()
    {
        var answer = await Tool.RunAsync("start", "approve", "--input", "\"late\"", "--timeout", "50ms");
        Assert.Equal((6, ""), (answer.ExitCode, answer.Output));
        var id = answer.Error.Split('\n')[0];
        await Tool.DoneAsync("signal", id, "approved", "true");
        Assert.Equal("\"late approved\"\n", await Tool.DoneAsync("result", id, "--wait"));
    }

    [Fact]
    public async Task Start_InputFromAFileAndFromStandardInput_IsTheSame()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("who.json"), "\"Jörg\"");
        Assert.Equal("\"Hello Jörg\"\n", await Tool.DoneAsync("start", "greet", "--input", "@" + folder.File("who.json"), "--wait"));
        Assert.Equal("\"Hello Jörg\"\n", (await Tool.RunAsync("\"Jörg\"", ["start", "greet", "--input", "-", "--wait"])).Output);
    }

    [Fact]
    public async Task Start_Options_ReachTheRun()
    {
        var id = (await Tool.DoneAsync("start", "greet", "--input", "\"x\"", "--at", "1h", "--queue", "slow", "--priority", "7", "--tag", "a=1", "--tag", "b=x=y")).Trim();
        var run = await Tool.JsonAsync("show", id);
        Assert.Equal(("Pending", "slow", 7), (run.GetProperty("status").GetString(), run.GetProperty("queue").GetString(), run.GetProperty("priority").GetInt32()));
        Assert.Equal(("1", "x=y"), (run.GetProperty("tags").GetProperty("a").GetString(), run.GetProperty("tags").GetProperty("b").GetString()));
        Assert.InRange(run.GetProperty("dueAt").GetDateTimeOffset() - run.GetProperty("createdAt").GetDateTimeOffset(), TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
    }

    [Fact]
    public async Task Start_OfAnotherVersion_IsThatVersion()
    {
        var id = (await Tool.DoneAsync("start", "greet", "--workflow-version", "3", "--queue", "none")).Trim();
        Assert.Equal(3, (await Tool.JsonAsync("show", id)).GetProperty("version").GetInt32());
    }

    [Theory]
    [InlineData("--input is no JSON", "start", "greet", "--input", "{broken")]
    [InlineData("cannot be read", "start", "greet", "--input", "@/there/is/none.json")]
    [InlineData("--timeout is a duration", "start", "greet", "--timeout", "soon")]
    [InlineData("--at is an instant", "start", "greet", "--at", "tomorrow")]
    [InlineData("--tag is name=value", "start", "greet", "--tag", "alone")]
    [InlineData("PERD1002", "start", " ")]
    [InlineData("PERD1001", "start", "greet", "--priority", "5000")]
    public async Task Start_ThatCannotBeUnderstood_EndsWith2(string why, params string[] words) => (await Tool.RunAsync(words)).Refused(2, why);
}
