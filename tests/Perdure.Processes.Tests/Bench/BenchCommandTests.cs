using System.Text.Json;

namespace Perdure.Processes.Tests.Bench;

/// <summary>The bench measures real runs; what is tested is that it does and how it tells, never how fast.</summary>
public sealed class BenchCommandTests
{
    private const string Header = "backend  conc payload  p50(ms)  p95(ms)  throughput";

    [Fact]
    public async Task P13_SmallForm_PrintsTheHeaderAndOneRow()
    {
        var bench = await BenchProcess.RunAsync("--tasks 20 --concurrency 10 --payload-size 0 --backend sqlite");

        Assert.True(bench.ExitCode == 0, bench.Errors);
        Assert.Equal(2, bench.Lines.Length);
        Assert.Equal(Header, bench.Lines[0]);
        Assert.Matches(@"^sqlite +10 +0 +\d+\.\d\d +\d+\.\d\d +\d+\.\d$", bench.Lines[1]);
    }

    [Fact]
    public async Task P13_AllBackends_OneRowEach()
    {
        var bench = await BenchProcess.RunAsync("bench --tasks 5 --backend all --steps 2 --rounds 2 --warmup 0");

        Assert.True(bench.ExitCode == 0, bench.Errors);
        Assert.Equal([Header[..7], "memory ", "sqlite "], bench.Lines.Select(line => line[..7]));
    }

    [Fact]
    public async Task P13_Json_AddsWhatTheTableLeavesOut()
    {
        var bench = await BenchProcess.RunAsync("--tasks 4 --backend sqlite --payload-size 10 --warmup 0 --json");

        Assert.True(bench.ExitCode == 0, bench.Errors);
        var json = JsonDocument.Parse(Assert.Single(bench.Lines)).RootElement;
        Assert.Equal("FULL", json.GetProperty("host").GetProperty("synchronous").GetString());
        Assert.True(json.GetProperty("host").GetProperty("fsyncMs").GetDouble() > 0);
        var row = json.GetProperty("results")[0];
        Assert.Equal(10, row.GetProperty("payloadSize").GetInt32());
        Assert.True(row.GetProperty("p99Ms").GetDouble() >= row.GetProperty("p50Ms").GetDouble());
        Assert.True(row.GetProperty("stepsPerSecond").GetDouble() > row.GetProperty("throughput").GetDouble());
    }

    [Fact]
    public async Task Limit_TinyNumbers_MeasuresCommitsAndThePrototype()
    {
        var bench = await BenchProcess.RunAsync("limit --commits 20 --total 20 --inflight 5 --rounds 1 --warmup 0");

        var cases = Results(bench);
        Assert.Equal(
            ["limit: commits", "prototype: 5 steps, 5 in flight", "prototype: 20 steps, 5 in flight"],
            cases.Select(one => one.GetProperty("case").GetString()));
        Assert.True(cases[0].GetProperty("loneCommitP50Ms").GetDouble() > 0);
        Assert.True(cases[0].GetProperty("rowsPerSecondBy1000").GetDouble() > cases[0].GetProperty("loneCommitsPerSecond").GetDouble());
        // Runs that travel together share commits; alone, 20 runs of 5 steps would take 140.
        Assert.InRange(cases[1].GetProperty("commits").GetDouble(), 7, 140);
    }

    [Fact]
    public async Task Throughput_OnSqlite_StandsBesideThePrototypeOfTheSameRound()
    {
        var bench = await BenchProcess.RunAsync("tput --steps 3 --inflight 4 --total 12 --rounds 2 --warmup 0");

        var cases = Results(bench);
        Assert.Equal(2, cases.Count);
        var engine = cases[1];
        Assert.Equal("sqlite: 3 steps, 4 in flight", engine.GetProperty("case").GetString());
        Assert.Equal(2, engine.GetProperty("rounds").GetInt32());
        string[] figures =
        [
            "workflowsPerSecond", "stepsPerSecond", "p50Ms", "p95Ms", "p99Ms", "cpuMicrosPerWorkflow", "bytesPerWorkflow", "ofPrototype",
        ];
        foreach (var figure in figures)
            Assert.True(engine.GetProperty(figure).GetDouble() > 0, figure);
    }

    [Fact]
    public async Task Throughput_OnTheNullStore_MeasuresTheEngineAlone()
    {
        var bench = await BenchProcess.RunAsync("tput --store null --steps 2 --inflight 2 --total 6 --rounds 1 --warmup 0");

        Assert.True(Assert.Single(Results(bench)).GetProperty("bytesPerStep").GetDouble() > 0);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public async Task Throughput_OnAStoreWithoutPrototype_MeasuresTheEngineAlone(string store)
    {
        var bench = await BenchProcess.RunAsync($"tput --store {store} --steps 2 --inflight 2 --total 6 --rounds 1 --warmup 0");

        Assert.True(Assert.Single(Results(bench)).GetProperty("workflowsPerSecond").GetDouble() > 0);
    }

    [Fact]
    public async Task FanOut_OnSqlite_StandsBesideTheLimitsOfTheSameRound()
    {
        var bench = await BenchProcess.RunAsync("fanout --width 5 --inflight 2 --total 6 --rounds 1 --warmup 0");

        var cases = Results(bench);
        Assert.Equal(
            ["limit: commits", "prototype: 5 steps, 2 in flight", "sqlite: 5 parallel steps, 2 in flight", "sqlite: 5 parallel steps, 10 at a time, 2 in flight"],
            cases.Select(one => one.GetProperty("case").GetString()));
        foreach (var one in cases.Skip(2))
            foreach (var figure in new[] { "workflowsPerSecond", "stepsPerSecond", "p99Ms", "ofPrototype", "ofLimitBy100" }) Assert.True(one.GetProperty(figure).GetDouble() > 0, figure);
    }

    [Fact]
    public async Task Child_OnSqlite_StandsBesideTheLimitsOfTheSameRound()
    {
        var bench = await BenchProcess.RunAsync("child --children 3 --inflight 2 --total 4 --rounds 1 --warmup 0");

        var cases = Results(bench);
        Assert.Equal(4, cases.Count);
        Assert.True(cases[2].GetProperty("ofPrototype").GetDouble() > 0);
        Assert.True(cases[2].GetProperty("childrenPerSecond").GetDouble() > cases[2].GetProperty("parentsPerSecond").GetDouble());
        Assert.True(cases[3].GetProperty("inCommits").GetDouble() > 0);
    }

    [Fact]
    public async Task Schedule_OnSqlite_MeasuresEveryTimeOnce()
    {
        var bench = await BenchProcess.RunAsync("schedule --count 5 --waiting 3 --rounds 1 --warmup 0");

        var cases = Results(bench);
        Assert.Equal(
            ["sqlite: schedules every second, alone", "sqlite: schedules every second, beside 3 that wait", "sqlite: schedules at one instant"],
            cases.Skip(2).Select(one => one.GetProperty("case").GetString()));
        foreach (var one in cases.Skip(2))
            foreach (var figure in new[] { "latenessP50Ms", "latenessP99Ms", "firesPerSecond" }) Assert.True(one.GetProperty(figure).GetDouble() > 0, figure);
    }

    [Fact]
    public async Task Recover_AfterSigkill_NoRecordedStepRunsAgain()
    {
        var bench = await BenchProcess.RunAsync("recover --runs 30 --steps 4 --rounds 1 --warmup 0");

        var recovery = Assert.Single(Results(bench));
        Assert.Equal(0, recovery.GetProperty("stepsRunAgain").GetDouble());
        Assert.True(recovery.GetProperty("unfinishedAtKill").GetDouble() > 0);
        Assert.True(recovery.GetProperty("stepsRecordedAtKill").GetDouble() > 0);
    }

    [Theory]
    [InlineData("tput --stepz 3")]
    [InlineData("sprint")]
    [InlineData("--backend paper")]
    [InlineData("limit --total none")]
    [InlineData("schedule --store file")]
    public async Task WrongCommandLine_IsRefusedWithExitCode2(string args)
    {
        var bench = await BenchProcess.RunAsync(args);

        Assert.Equal(2, bench.ExitCode);
        Assert.Empty(bench.Lines);
        Assert.NotEmpty(bench.Errors);
    }

    private static List<JsonElement> Results(BenchProcess bench)
    {
        Assert.True(bench.ExitCode == 0, bench.Errors);
        Assert.Matches(@"^host: \d+ cores .*SQLite \d+\.\d+.*synchronous=FULL, fsync p50 \d+\.\d+ ms$", bench.Lines[0]);
        var results = bench.Lines.Where(line => line.StartsWith("RESULT ", StringComparison.Ordinal));
        return [.. results.Select(line => JsonDocument.Parse(line["RESULT ".Length..]).RootElement)];
    }
}
