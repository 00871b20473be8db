using Perdure.Cli.Tests.Running;

namespace Perdure.Cli.Tests.Workers;

/// <summary><c>perdure worker</c></summary>
public sealed class WorkerTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Tool _tool;
    private readonly string _effects;

    public WorkerTests()
    {
        _effects = _folder.File("effects");
        _tool = new Tool(_folder.File("app.db"));
        _tool.Environment["CLI_TEST_EFFECTS"] = _effects;
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Terminated_LetsItsStepFinish_AndGivesTheRunBack()
    {
        var id = (await _tool.DoneAsync("start", "two-steps", "--input", "500")).Trim();
        await using (var worker = await _tool.WorkAsync())
        {
            await StepBeganAsync(id);
            Assert.Equal(0, await worker.StopAsync());
        }
        Assert.Single(Until.LinesOf(_effects), line => line.StartsWith($"end {id}", StringComparison.Ordinal));

        await using var next = await _tool.WorkAsync();
        await _tool.DoneAsync("result", id, "--wait");
        Assert.Single(Until.LinesOf(_effects), line => line.StartsWith($"second {id}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Procs_OneIsKilled_AnotherIsStartedAndItsRunGoesOn()
    {
        await using var supervisor = _tool.Start("worker", "--assembly", Tool.App, "--procs", "2");
        await Until.TrueAsync(() => Workers(supervisor).Count == 2, () => "two processes work:\n" + supervisor.Output);
        var id = (await _tool.DoneAsync("start", "two-steps", "--input", "60000")).Trim();
        var victim = await StepBeganAsync(id);
        Assert.Contains(victim, Workers(supervisor));

        System.Diagnostics.Process.GetProcessById(victim).Kill();
        await supervisor.WroteAsync($"worker {victim} ended with 137");
        await Until.TrueAsync(() => Workers(supervisor).Count == 3, () => "another process works:\n" + supervisor.Output);
        await Until.TrueAsync(() => Begun(id).Count == 2, () => "the step was begun again");
        Assert.NotEqual(victim, Begun(id)[1]);
        Assert.Single(Until.LinesOf(_effects), line => line.StartsWith($"first {id}", StringComparison.Ordinal));

        await _tool.DoneAsync("cancel", id, "--wait");
        Assert.Equal(0, await supervisor.StopAsync());
        Assert.All(Workers(supervisor), process => Assert.False(Directory.Exists($"/proc/{process}"), $"{process} is left over"));
    }

    [Fact]
    public async Task Recycle_AProcessThatHasServedItsTime_IsReplacedWithoutALoss()
    {
        await using var supervisor = _tool.Start("worker", "--assembly", Tool.App, "--recycle", "2s");
        await Until.TrueAsync(() => Workers(supervisor).Count == 1, () => "a process works:\n" + supervisor.Output);
        var first = Workers(supervisor)[0];
        await supervisor.WroteAsync($"worker {first} has served for 2s; another one takes its place");
        Assert.Equal("\"Hello you\"\n", await _tool.DoneAsync("start", "greet", "--input", "\"you\"", "--wait"));
        await Until.TrueAsync(() => !Directory.Exists($"/proc/{first}"), () => $"{first} has ended:\n" + supervisor.Output);
        await Until.TrueAsync(() => Workers(supervisor).Count >= 3, () => "it goes on like that:\n" + supervisor.Output);

        Assert.Equal(0, await supervisor.StopAsync());
        Assert.All(Workers(supervisor), process => Assert.False(Directory.Exists($"/proc/{process}"), $"{process} is left over"));
        Assert.DoesNotContain("ended with", supervisor.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Procs_TheSupervisorIsKilled_ItsProcessesStopToo()
    {
        await using var supervisor = _tool.Start("worker", "--assembly", Tool.App, "--procs", "2");
        await Until.TrueAsync(() => Workers(supervisor).Count == 2, () => "two processes work:\n" + supervisor.Output);
        await supervisor.KillAsync();
        await Until.TrueAsync(() => Workers(supervisor).All(process => !Directory.Exists($"/proc/{process}")), () => "both processes end");
    }

    [Fact]
    public async Task Queues_OnlyThoseThatAreNamedAreServed()
    {
        await using var worker = await _tool.WorkAsync("--queue", "fast=2");
        await _tool.DoneAsync("start", "greet", "--input", "\"slow\"", "--id", "slow");
        Assert.Equal("\"Hello fast\"\n", await _tool.DoneAsync("start", "greet", "--input", "\"fast\"", "--queue", "fast", "--wait"));
        Assert.Equal("Pending", (await _tool.JsonAsync("query", "slow")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Environment_SetsTheEngine()
    {
        _tool.Environment["PERDURE_LEASE"] = "100ms";
        (await _tool.RunAsync("worker", "--assembly", Tool.App)).Refused(2, "Lease is at least");
    }

    [Theory]
    [InlineData("Whose workflows?", "worker")]
    [InlineData("there is no file", "worker", "--assembly", "/there/is/none.dll")]
    [InlineData("--procs is 1 to 256", "worker", "--assembly", "APP", "--procs", "0")]
    [InlineData("--recycle is 1 second", "worker", "--assembly", "APP", "--recycle", "10ms")]
    [InlineData("--iterations is for one process", "worker", "--assembly", "APP", "--recycle", "1h", "--iterations", "2")]
    [InlineData("--tick is more than 0", "worker", "--assembly", "APP", "--tick", "0")]
    [InlineData("PERD1001", "worker", "--assembly", "APP", "--batch", "501")]
    [InlineData("--queue is name", "worker", "--assembly", "APP", "--queue", "a=b")]
    [InlineData("has no class with [Workflow]", "worker", "--assembly", "PARTS", "--procs", "2")]
    public async Task Words_ThatCannotBeUnderstood_EndWith2(string why, params string[] words)
    {
        var parts = Path.Combine(Path.GetDirectoryName(Tool.App)!, "Perdure.Cli.App.Parts.dll");
        (await _tool.RunAsync([.. words.Select(word => word == "APP" ? Tool.App : word == "PARTS" ? parts : word)])).Refused(2, why);
    }

    [Fact]
    public async Task Assembly_ThatIsNone_EndsWith2()
    {
        await File.WriteAllTextAsync(_folder.File("text.dll"), "no code");
        (await _tool.RunAsync("worker", "--assembly", _folder.File("text.dll"))).Refused(2, "cannot be loaded");
    }

    private async Task<int> StepBeganAsync(string id)
    {
        await Until.TrueAsync(() => Begun(id).Count > 0, () => "the second step has begun");
        return Begun(id)[0];
    }

    private List<int> Begun(string id) =>
        [.. Until.LinesOf(_effects).Where(line => line.StartsWith($"second {id} ", StringComparison.Ordinal)).Select(line => int.Parse(line.Split(' ')[2], null))];

    private static List<int> Workers(RunningTool supervisor) =>
        [.. supervisor.Output.Split('\n').Where(line => line.Contains(" works on ", StringComparison.Ordinal)).Select(line => int.Parse(line.Split(' ')[1], null))];
}
