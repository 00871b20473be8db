using Npgsql;
using Perdure.Cli.Tests.Running;
using Perdure.Testing.Shared.Postgres;

namespace Perdure.Cli.Tests.Commands;

/// <summary>The same commands on PostgreSQL.</summary>
public sealed class PostgresTests : IDisposable
{
    private readonly PostgresDatabase _database = new();
    private readonly TempFolder _folder = new();

    [PostgresFact]
    public async Task Store_IsMigratedByItsOwnerOnly_AndThenWorks()
    {
        var tool = new Tool(_database.ConnectionString);
        tool.Environment["CLI_TEST_EFFECTS"] = _folder.File("effects");
        (await tool.RunAsync("db", "migrate", "--check")).Refused(7, "holds no Perdure schema");
        (await tool.RunAsync("start", "greet", "--input", "\"early\"")).Refused(7, "perdure db migrate");
        Assert.EndsWith("schema perdure is up to date\n", await tool.DoneAsync("db", "migrate"), StringComparison.Ordinal);
        await tool.DoneAsync("db", "migrate", "--check");

        await using var supervisor = tool.Start("worker", "--assembly", Tool.App, "--procs", "2");
        Assert.Equal("\"Hello Ann\"\n", await tool.DoneAsync("start", "greet", "--input", "\"Ann\"", "--id", "ann", "--timeout", "1m"));
        await tool.DoneAsync("start", "approve", "--input", "\"it\"", "--id", "it");
        await tool.DoneAsync("signal", "it", "approved", "true");
        Assert.Equal("\"it approved\"\n", await tool.DoneAsync("result", "it", "--timeout", "1m"));
        Assert.Equal("Completed", (await tool.JsonAsync("show", "ann")).GetProperty("status").GetString());
        Assert.Equal("Completed  2\ndeleted    2\n", await tool.DoneAsync("db", "purge", "--older-than", "0", "--yes"));
        Assert.Equal(0, await supervisor.StopAsync());
    }

    [PostgresFact]
    public async Task Script_AppliedByHand_IsWhatTheStoreNeeds_InTheSchemaThatIsNamed()
    {
        var tool = new Tool(_database.ConnectionString);
        _database.Execute(await tool.DoneAsync("db", "migrate", "--script", "--schema", "other"));
        await tool.DoneAsync("db", "migrate", "--check", "--schema", "other");
        (await tool.RunAsync("db", "migrate", "--check")).Refused(7, "holds no Perdure schema");
        (await tool.RunAsync("list", "--schema", "No;Name")).Refused(2, "Schema is");
    }

    [PostgresFact]
    public async Task Questions_AreListed_Explained_AndAnswered()
    {
        var tool = new Tool(_database.ConnectionString);
        tool.Environment["CLI_TEST_EFFECTS"] = _folder.File("effects");
        await tool.DoneAsync("db", "migrate");
        await using var worker = await tool.WorkAsync();
        await tool.DoneAsync("start", "ask-people", "--input", "\"tea\"", "--id", "asking");
        for (var tries = 0; !(await tool.DoneAsync("inputs", "list", "-o", "ndjson")).Contains("May tea go out?", StringComparison.Ordinal); tries++) Assert.InRange(tries, 0, 100);
        Assert.Contains("approve", await tool.DoneAsync("explain", "asking"), StringComparison.Ordinal);
        Assert.Equal("\"1 x\"\n", await tool.DoneAsync("query", "asking", "asked", "\"x\"", "--assembly", Tool.App));
        await tool.DoneAsync("input", "asking", "approve", "false");
        Assert.Equal("\"tea stays\"\n", await tool.DoneAsync("result", "asking", "--timeout", "1m"));
    }

    [PostgresFact]
    public async Task Url_IsTheSameDatabase()
    {
        var parts = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
        // The server of the tests listens on a socket, which no host name can say.
        var url = $"postgres://{parts.Username}@localhost/{parts.Database}?Host={Uri.EscapeDataString(parts.Host!)}&Application%20Name=by%20url";
        await new Tool(url).DoneAsync("db", "migrate");
        await new Tool(_database.ConnectionString).DoneAsync("db", "migrate", "--check");
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}
