using Perdure.Cli.Tests.Running;

namespace Perdure.Cli.Tests.Commands;

/// <summary><c>perdure db migrate</c></summary>
public sealed class MigrateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task O10_Check_SaysWhetherTheSchemaIsThere_AndChangesNothing()
    {
        var tool = new Tool(_folder.File("app.db"));
        (await tool.RunAsync("db", "migrate", "--check")).Refused(7, "app.db");
        Assert.False(File.Exists(_folder.File("app.db")));
        Assert.EndsWith("is up to date\n", await tool.DoneAsync("db", "migrate"), StringComparison.Ordinal);
        Assert.True((await tool.JsonAsync("db", "migrate", "--check")).GetProperty("upToDate").GetBoolean());
        Assert.Equal("", string.Concat((await tool.DoneAsync("list")).Split('\n').Skip(1)));
    }

    [Fact]
    public async Task Script_WritesStatements_AndTouchesNothing()
    {
        var script = await new Tool(_folder.File("app.db")).DoneAsync("db", "migrate", "--script");
        Assert.Contains("CREATE TABLE perdure_run(", script, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("app.db")));
    }

    [Fact]
    public async Task CheckAndScript_Together_AreRefused() => (await new Tool(_folder.File("app.db")).RunAsync("db", "migrate", "--check", "--script")).Refused(2, "not both");
}
