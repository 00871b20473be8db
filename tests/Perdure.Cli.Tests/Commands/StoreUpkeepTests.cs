using System.Text;
using Perdure.Cli.Tests.Running;
using Perdure.Testing.Shared.Postgres;

namespace Perdure.Cli.Tests.Commands;

/// <summary><c>perdure db backup</c>, <c>check</c> and <c>vacuum</c></summary>
public sealed class StoreUpkeepTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("file:")]
    public async Task Backup_WhileAWorkerWorks_IsAStoreOfItsOwn(string scheme)
    {
        var (tool, target) = (ToolOn(scheme, "app"), _folder.File("copy"));
        await using (await tool.WorkAsync())
        {
            await tool.DoneAsync("start", "greet", "--input", "\"Ann\"", "--id", "ann", "--timeout", "1m");
            await tool.DoneAsync("start", "approve", "--input", "\"it\"", "--id", "it");
            for (var tries = 0; (await tool.JsonAsync("query", "it")).GetProperty("status").GetString() != "Suspended"; tries++) Assert.InRange(tries, 0, 100);
            await tool.DoneAsync("db", "backup", target);
            (await tool.RunAsync("db", "backup", target)).Refused(7, "is there already");
            await tool.DoneAsync("signal", "it", "approved", "false");
            await tool.DoneAsync("start", "greet", "--input", "\"Bo\"", "--id", "bo", "--timeout", "1m");
        }

        // What was suspended in the copy goes on there, and knows nothing of what came later.
        var copy = ToolOn(scheme, "copy");
        Assert.True((await copy.JsonAsync("db", "check")).GetProperty("isSound").GetBoolean());
        Assert.Equal("\"Hello Ann\"\n", await copy.DoneAsync("result", "ann"));
        (await copy.RunAsync("show", "bo")).Refused(3, "bo");
        await using var worker = await copy.WorkAsync();
        await copy.DoneAsync("signal", "it", "approved", "true");
        Assert.Equal("\"it approved\"\n", await copy.DoneAsync("result", "it", "--timeout", "1m"));
    }

    [Fact]
    public async Task Backup_OfAFolderThatNobodyOwns_IsMadeByTheToolItself()
    {
        var tool = ToolOn("file:", "app");
        await tool.DoneAsync("start", "greet", "--input", "\"Ann\"", "--id", "ann");
        await tool.DoneAsync("db", "backup", _folder.File("copy"));
        Assert.Equal("Pending", (await ToolOn("file:", "copy").JsonAsync("show", "ann")).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("file:")]
    public async Task Check_NamesTheRunThatWasDamaged_AndEndsWith1(string scheme)
    {
        var tool = ToolOn(scheme, "app");
        await using (await tool.WorkAsync())
            foreach (var name in (string[])["Ann", "Bo"]) await tool.DoneAsync("start", "greet", "--input", $"\"{name}\"", "--id", name, "--timeout", "1m");
        Assert.EndsWith("nothing is damaged\n", await tool.DoneAsync("db", "check"), StringComparison.Ordinal);

        // One letter of what a step has returned, wherever it stands.
        foreach (var path in scheme.Length == 0 ? [_folder.File("app")] : Directory.GetFiles(_folder.File("app/events"))) Damage(path, "Hello Bo", "Hellx Bo");
        var answer = await tool.RunAsync("db", "check", "-o", "json");
        Assert.Equal(1, answer.ExitCode);
        var report = System.Text.Json.JsonElement.Parse(answer.Output);
        // The application's schedule is a run as well.
        Assert.Equal((false, 3), (report.GetProperty("isSound").GetBoolean(), report.GetProperty("runs").GetInt32()));
        var damaged = Assert.Single(report.GetProperty("damaged").EnumerateArray());
        Assert.Equal("Bo", damaged.GetProperty("id").GetString());
        Assert.Contains("is damaged", damaged.GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Contains("1 are damaged", (await tool.RunAsync("db", "check")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfAFileWithADamagedPage_TellsWhatSqliteFinds()
    {
        var tool = ToolOn("", "app");
        for (var i = 0; i < 40; i++) await tool.DoneAsync("start", "greet", "--input", $"\"{new string('x', 2000)}\"", "--id", $"r{i}");
        var bytes = await File.ReadAllBytesAsync(_folder.File("app"));
        Array.Fill<byte>(bytes, 0xEE, bytes.Length - 4096, 4096);
        await File.WriteAllBytesAsync(_folder.File("app"), bytes);

        var answer = await tool.RunAsync("db", "check", "-o", "json");
        Assert.True(answer.ExitCode is 1 or 7, $"{answer.ExitCode}: {answer.Output}{answer.Error}");
        if (answer.ExitCode == 1) Assert.NotEmpty(System.Text.Json.JsonElement.Parse(answer.Output).GetProperty("problems").EnumerateArray());
        else Assert.Contains("PERD1305", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vacuum_GivesBackWhatDeletedRunsHaveLeft()
    {
        var tool = ToolOn("", "app");
        await using (await tool.WorkAsync())
            for (var i = 0; i < 4; i++) await tool.DoneAsync("start", "greet", "--input", $"\"{new string('x', 100_000)}\"", "--timeout", "1m");
        await tool.DoneAsync("db", "purge", "--older-than", "0", "--yes");
        var before = new FileInfo(_folder.File("app")).Length;
        await tool.DoneAsync("db", "vacuum");
        Assert.InRange(new FileInfo(_folder.File("app")).Length, 1, before / 2);
        Assert.EndsWith("nothing is damaged\n", await tool.DoneAsync("db", "check"), StringComparison.Ordinal);
        (await ToolOn("file:", "other").RunAsync("db", "vacuum")).Refused(7, "There is no store");
    }

    [PostgresFact]
    public async Task OnPostgreSql_BackupSaysWhichCommandDoesIt_AndCheckReadsTheHistories()
    {
        using var database = new PostgresDatabase();
        var tool = new Tool(database.ConnectionString);
        tool.Environment["CLI_TEST_EFFECTS"] = _folder.File("effects");
        await tool.DoneAsync("db", "migrate");
        (await tool.RunAsync("db", "backup", "copy")).Refused(2, "pg_dump --host=");
        (await tool.RunAsync("db", "vacuum")).Refused(2, "autovacuum");
        await tool.DoneAsync("start", "greet", "--input", "\"Ann\"", "--id", "ann");
        Assert.EndsWith("nothing is damaged\n", await tool.DoneAsync("db", "check"), StringComparison.Ordinal);
        database.Execute("UPDATE perdure.event SET bytes = set_byte(bytes, 3, get_byte(bytes, 3) # 1)");
        var answer = await tool.RunAsync("db", "check");
        Assert.Equal(1, answer.ExitCode);
        Assert.StartsWith("ann  ", answer.Output, StringComparison.Ordinal);
    }

    private Tool ToolOn(string scheme, string name)
    {
        var tool = new Tool(scheme + _folder.File(name));
        tool.Environment["CLI_TEST_EFFECTS"] = _folder.File("effects");
        return tool;
    }

    private static void Damage(string path, string text, string other)
    {
        var bytes = File.ReadAllBytes(path);
        var (from, to) = (Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(other));
        for (var at = bytes.AsSpan().IndexOf(from); at >= 0; at = bytes.AsSpan().IndexOf(from)) to.CopyTo(bytes, at);
        File.WriteAllBytes(path, bytes);
    }
}
