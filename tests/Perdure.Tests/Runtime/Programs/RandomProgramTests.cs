using System.Globalization;
using Xunit.Abstractions;

namespace Perdure.Tests.Runtime.Programs;

public sealed class RandomProgramTests(ITestOutputHelper output)
{
    private const int Programs = 6_000;
    private const int FirstSeed = 1;

    [Fact]
    public void B7_EveryProgramSeesTheSameOnEveryReplay()
    {
        if (Environment.GetEnvironmentVariable("PERDURE_SEED") is { } one)
        {
            new ProgramRun(int.Parse(one, CultureInfo.InvariantCulture), new Counts()).Check();
            return;
        }
        var first = int.TryParse(Environment.GetEnvironmentVariable("PERDURE_FIRST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : FirstSeed;
        var programs = int.TryParse(Environment.GetEnvironmentVariable("PERDURE_PROGRAMS"), CultureInfo.InvariantCulture, out var wanted) ? wanted : Programs;
        var total = new Counts();
        Parallel.For(0, programs, static () => new Counts(), (i, _, counts) =>
        {
            new ProgramRun(first + i, counts).Check();
            return counts;
        }, counts =>
        {
            lock (total) total.Add(counts);
        });
        output.WriteLine(total.ToString());
        if (programs < Programs) return;
        Assert.True(total.Programs >= 5_000);
        Assert.True(total.Operations >= 10 * total.Programs);
        Assert.True(total.WithWhenAny * 3 >= total.Programs);
        Assert.True(total.Cancelled >= 500, "too few were cancelled");
        Assert.True(total.Shields >= 1_000, "too few have shields");
        Assert.True(total.Lost >= 4_000 && total.Evicted >= 4_000, "too few were evicted");
        Assert.True(total.Retried >= 500 && total.Reopened >= 500, "too few were tried again");
        Assert.True(total.Replays >= 60_000 && total.InteriorCuts >= 20_000 && total.Continued >= 2_500, "too few replays");
        foreach (var end in new[] { RunStatus.Completed, RunStatus.Failed, RunStatus.Cancelled, RunStatus.TimedOut, RunStatus.Terminated, RunStatus.CompensationFailed })
            Assert.True(total.Ends.GetValueOrDefault(end) >= 20, $"too few ended {end}");
        // The engine's and operators' notes between two turns are the simulator's.
        foreach (var kind in Enum.GetValues<EventKind>())
            Assert.True(kind is EventKind.RunBlocked or EventKind.RunPaused or EventKind.RunResumed || total.Kinds.GetValueOrDefault(kind) >= 20, $"too few {kind}");
    }
}
