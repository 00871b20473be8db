using Perdure.Cli.Tests.Running;

namespace Perdure.Cli.Tests.Commands;

/// <summary>What the tool knows of workflows, and stores, without being told each time.</summary>
public sealed class KnownCodeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_OfAWorkflowThatItsAssemblyDoesNotHave_EndsWith3()
    {
        var tool = new Tool(_folder.File("app.db"));
        (await tool.RunAsync("start", "gret", "--assembly", Tool.App)).Refused(3, "PERD1206");
        (await tool.RunAsync("start_workflow", "gret", "--input", "1", "--assembly", Tool.App)).Refused(3, "greet");
        tool.Environment["PERDURE_ASSEMBLY"] = Tool.App;
        (await tool.RunAsync("durable_start", "gret")).Refused(3, "PERD1206");
        // Its type is known too.
        (await tool.RunAsync("start", "greet", "--input", "{}")).Refused(2, "PERD1101");
        Assert.NotEmpty(await tool.DoneAsync("start", "greet", "--input", "\"Ann\""));
    }

    [Fact]
    public async Task Start_WithoutAnyAssembly_IsForWhicheverWorkerHasTheWorkflow()
    {
        var tool = new Tool(_folder.File("app.db"));
        var id = (await tool.DoneAsync("start", "not-written-yet")).Trim();
        Assert.Equal("not-written-yet", (await tool.JsonAsync("show", id)).GetProperty("workflow").GetString());
    }

    [Fact]
    public async Task ToolFile_SaysWhichStoreAndAssembly_AndFlagsWin()
    {
        await File.WriteAllTextAsync(_folder.File("perdure.json"), $$"""{ "db": "{{_folder.File("of-file.db")}}", "assembly": "{{Tool.App}}" }""");
        var tool = new Tool(null) { Folder = _folder.Path };
        (await tool.RunAsync("start", "gret")).Refused(3, "PERD1206");
        await tool.DoneAsync("start", "greet", "--input", "\"Ann\"", "--id", "here");
        Assert.True(File.Exists(_folder.File("of-file.db")));
        (await tool.RunAsync("show", "here", "--db", "other.db")).Refused(7, "no store");

        await File.WriteAllTextAsync(_folder.File("perdure.json"), "{ broken");
        (await tool.RunAsync("list")).Refused(2, "perdure.json");
    }

    [Fact]
    public async Task Worker_WithIterations_DoesWhatIsDue_AndEnds()
    {
        var tool = new Tool(_folder.File("app.db"));
        tool.Environment["CLI_TEST_EFFECTS"] = _folder.File("effects");
        await tool.DoneAsync("start", "shout", "--input", "\"hey\"", "--id", "once");
        var answer = await tool.RunAsync("durable_worker", "--assembly", Tool.App, "--iterations", "2", "--tick", "0.1");
        Assert.Equal((0, ""), (answer.ExitCode, answer.Output));
        Assert.Contains("2 of 2", answer.Error, StringComparison.Ordinal);
        Assert.Equal("\"HEY\"\n", await tool.DoneAsync("result", "once"));
        (await tool.RunAsync("worker", "--assembly", Tool.App, "--iterations", "0")).Refused(2, "--iterations");
        (await tool.RunAsync("worker", "--assembly", Tool.App, "--iterations", "1", "--procs", "2")).Refused(2, "one process");
    }

    [Fact]
    public async Task FolderOfFiles_IsAStoreLikeAnyOther()
    {
        var tool = new Tool("file:" + _folder.File("runs"));
        tool.Environment["CLI_TEST_EFFECTS"] = _folder.File("effects");
        (await tool.RunAsync("list")).Refused(7, "no store");
        await using (var worker = await tool.WorkAsync())
        {
            Assert.Equal("\"Hello Ann\"\n", await tool.DoneAsync("start", "greet", "--input", "\"Ann\"", "--id", "filed", "--wait"));
            await tool.DoneAsync("start", "approve", "--input", "\"it\"", "--id", "waiting");
            await tool.DoneAsync("signal", "waiting", "approved", "true");
            Assert.Equal("\"it approved\"\n", await tool.DoneAsync("result", "waiting", "--wait"));
            // One process owns the folder.
            var second = await tool.RunAsync("worker", "--assembly", Tool.App);
            Assert.Equal(7, second.ExitCode);
        }
        Assert.Equal("Completed", (await tool.JsonAsync("show", "filed")).GetProperty("status").GetString());
        Assert.True(File.Exists(Path.Combine(_folder.File("runs"), "runs", "filed.json")));
        (await tool.RunAsync("list", "--schema", "x")).Refused(2, "--schema");
        (await tool.RunAsync("db", "migrate", "--script")).Refused(2, "no schema");
    }
}
