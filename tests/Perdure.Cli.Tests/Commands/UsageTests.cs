using Perdure.Cli.Tests.Running;

namespace Perdure.Cli.Tests.Commands;

/// <summary>What is common to all commands: words, stores, other spellings.</summary>
public sealed class UsageTests : IDisposable
{
    private const string Secret = "Geheim123";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("'bogus' is not known", "bogus")]
    [InlineData("'--bogus' is not known", "list", "--bogus")]
    [InlineData("Required argument 'id' missing", "show")]
    [InlineData("--limit", "list", "--limit", "many")]
    public async Task Words_ThatAreNotKnown_EndWith2(string why, params string[] words) => (await new Tool(_folder.File("app.db")).RunAsync(words)).Refused(2, why);

    [Fact]
    public async Task Groups_SaidAlone_TellTheirCommands()
    {
        Assert.Contains("start <workflow>", await new Tool(null).DoneAsync(), StringComparison.Ordinal);
        Assert.Contains("migrate", await new Tool(null).DoneAsync("db"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_NotNamed_IsAsked() => (await new Tool(null).RunAsync("list")).Refused(2, "PERDURE_DB");

    [Fact]
    public async Task Store_ThatIsNotThere_EndsWith7_AndIsNotCreated()
    {
        var path = _folder.File("typo.db");
        (await new Tool(path).RunAsync("list")).Refused(7, $"There is no store at {path}. See perdure db migrate.");
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Store_ThatIsNoStore_EndsWith7()
    {
        await File.WriteAllTextAsync(_folder.File("text.db"), new string('x', 10_000));
        (await new Tool(_folder.File("text.db")).RunAsync("list")).Refused(7, "PERD13");
    }

    [Theory]
    [InlineData("app.db")]
    [InlineData("sqlite:app.db")]
    [InlineData("Data Source=app.db;Synchronous=Normal")]
    public async Task Store_EverySpelling_IsTheSameFile(string address)
    {
        var tool = new Tool(null) { Folder = _folder.Path };
        var id = await tool.DoneAsync("start", "greet", "--db", address);
        Assert.True(File.Exists(_folder.File("app.db")));
        Assert.Contains(id.Trim(), await new Tool("sqlite://" + _folder.File("app.db")).DoneAsync("list"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list", "--db", $"Data Source=app.db;Password={Secret}")]
    [InlineData("list", "--db", $"Data Source=app.db;{Secret}")]
    [InlineData("db", "migrate", "--db", $"Pasword={Secret};Host=db.example.org;Bogus=1")]
    [InlineData("list", "--db", $"postgres://ann:{Secret}@127.0.0.1:1/orders")]
    public async Task Store_ThatCannotBeUsed_IsNamedWithoutItsSecret(params string[] words)
    {
        var answer = await new Tool(null).RunAsync(words);
        Assert.Contains(answer.ExitCode, (int[])[2, 7]);
        Assert.NotEqual("", answer.Error);
        Assert.DoesNotContain(Secret, answer.Output + answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_OfASqliteFile_IsRefused() => (await new Tool(_folder.File("app.db")).RunAsync("list", "--schema", "x")).Refused(2, "--schema");

    [Fact]
    public async Task OtherSpellings_DoTheSame()
    {
        var tool = new Tool(_folder.File("app.db"));
        tool.Environment["CLI_TEST_EFFECTS"] = _folder.File("effects");
        await using var worker = tool.Start("durable_worker", "--assembly", Tool.App, "--batch", "20", "--tick", "0.5", "--procs", "1");
        await worker.WroteAsync("works on");

        Assert.Equal("\"Hello Ann\"\n", await tool.DoneAsync("start_workflow", "greet", "--input", "\"Ann\"", "--wait"));
        Assert.Equal("\"Hello Bo\"\n", await tool.DoneAsync("durable_start", "greet", "--input", "\"Bo\"", "--timeout", "30s"));
        await tool.DoneAsync("runs", "start", "approve", "--input", "\"A\"", "--id", "a");
        await tool.DoneAsync("run", "start", "approve", "--input", "\"B\"", "--id", "b");
        await tool.DoneAsync("durable_signal", "a", "approved", "--input", "true");
        Assert.Equal("\"A approved\"\n", await tool.DoneAsync("result", "a", "--wait"));
        await tool.DoneAsync("durable_cancel", "b", "--reason", "no need", "--keep-queued");
        (await tool.RunAsync("result", "b", "--wait")).Refused(5, "PERD1502");
        Assert.Contains("Completed", await tool.DoneAsync("durable_status", "a"), StringComparison.Ordinal);
        Assert.Contains("\"status\": \"Cancelled\"", await tool.DoneAsync("durable_status", "b", "--query", "status", "-o", "json"), StringComparison.Ordinal);
    }
}
