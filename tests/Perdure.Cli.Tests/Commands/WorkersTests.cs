using System.Globalization;
using Perdure.Cli.Tests.Running;

namespace Perdure.Cli.Tests.Commands;

/// <summary><c>perdure workers</c>: what operators do to workers.</summary>
public sealed class WorkersTests(WorkedStore store) : IClassFixture<WorkedStore>
{
    private Tool Tool => store.Tool;

    [Fact]
    public async Task G16_AWorkerIsListedPausedAndResumed_ByNumberOrName()
    {
        var worker = (await Tool.JsonAsync("workers", "list")).EnumerateArray().Single();
        var (number, name) = (worker.GetProperty("number").GetInt64().ToString(CultureInfo.InvariantCulture), worker.GetProperty("name").GetString()!);
        Assert.Equal((false, 10), (worker.GetProperty("isPaused").GetBoolean(), worker.GetProperty("queues").GetProperty("default").GetInt32()));
        Assert.Contains("takes work", await Tool.DoneAsync("worker", "list"), StringComparison.Ordinal);

        Assert.Matches($"^{number} .+ paused by ann since .+Z \\(slow disk\\), [0-9]+ runs, [0-9]+ activities$", (await Tool.DoneAsync("workers", "pause", number, "--by", "ann", "--reason", "slow disk")).Trim());
        var id = (await Tool.DoneAsync("start", "greet", "--input", "\"Bo\"")).Trim();
        Assert.Contains($"perdure workers resume {number}", await Tool.DoneAsync("explain", id), StringComparison.Ordinal);
        Assert.Equal("ann", (await Tool.JsonAsync("workers", "list")).EnumerateArray().Single().GetProperty("pausedBy").GetString());

        Assert.Matches($"^{number} .+ takes work, ", await Tool.DoneAsync("workers", "resume", name));
        await Tool.DoneAsync("result", id, "--timeout", "30s");
    }

    [Theory]
    [InlineData(3, "PERD1231", "workers", "pause", "4711")]
    [InlineData(2, "No worker with the name nobody", "workers", "resume", "nobody")]
    public async Task Workers_WhatIsNotThere_IsRefused(int exitCode, string why, params string[] words) => (await Tool.RunAsync(words)).Refused(exitCode, why);
}
