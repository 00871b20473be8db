using Xunit.Abstractions;

namespace Perdure.Simulation.Tests;

/// <summary>Random storms of faults, each drawn from a seed. Fewer faults than expected make the verdict inconclusive, which is a failure too.</summary>
public sealed class SwarmTests(ITestOutputHelper output)
{
    private const int Seeds = 2_000;

    [Fact]
    public void Swarm_OfSeeds_ViolatesNothing_AndMeetsEnoughFaults()
    {
        var total = new EpisodeCounts();
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var result = SwarmEpisode.Run(seed);
            Assert.True(result.Violation is null, $"seed {seed} ({result.Configuration}): {result.Violation}");
            total += result.Counts;
        }
        output.WriteLine(total.ToString());
        Assert.True(total.Crashes >= 2_000, $"inconclusive: {total.Crashes} crashes");
        Assert.True(total.CrashesInBody >= 200, $"inconclusive: {total.CrashesInBody} crashes in a body");
        Assert.True(total.Takeovers >= 1_000, $"inconclusive: {total.Takeovers} takeovers");
        Assert.True(total.RefusedZombies >= 500, $"inconclusive: {total.RefusedZombies} refused zombie writes");
        Assert.True(total.UnknownOutcomes >= 10_000, $"inconclusive: {total.UnknownOutcomes} unknown outcomes");
    }

    [Fact]
    public void Replay_OfASeed_IsTheSame()
    {
        foreach (var seed in new ulong[] { 7, 46, 225, 1428, 2154 }) Assert.Equal(SwarmEpisode.Run(seed).Hash, SwarmEpisode.Run(seed).Hash);
    }
}
