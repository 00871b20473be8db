using Xunit.Abstractions;

namespace Perdure.Simulation.Tests;

/// <summary>Random storms of faults, each drawn from a seed. Fewer faults than expected make the verdict inconclusive, which is a failure too.</summary>
public sealed class SwarmTests(ITestOutputHelper output)
{
    [Fact]
    public void Swarm_OfSeeds_ViolatesNothing_AndMeetsEnoughFaults()
    {
        var total = Swarm.Run(1, Swarm.Seeds, static (seed, result) => Assert.Fail($"seed {seed} ({result.Configuration}): {result.Violation}"));
        output.WriteLine(total.ToString());
        Assert.Equal(Swarm.Seeds, total.Counts.Worlds);
        Assert.True(total.Inconclusive is null, total.Inconclusive);
    }

    [Fact]
    public void Inconclusive_TooFewFaults_SaysWhichAreMissing()
    {
        var quiet = new SwarmTotal(new EpisodeCounts { Worlds = 1_000, Crashes = 999 }, TimeSpan.Zero);
        Assert.Equal("inconclusive: 999 crashes in 1000 worlds, expected 1000 at least", quiet.Inconclusive);
    }

    // 5039: a cancelled run whose end waits for an unread signal leaves an activity queued. 5413: the run of a schedule goes on for ever behind its cancellation.
    // 5024867: a run that waits for its next attempt, was answered and then terminated has queries that nobody knows. 5017356: an answer whose own was lost follows its hook to the next run of the chain.
    // 5007563: the end of a child of the first attempt stands ahead of the child that the second one starts in its place.
    [Theory, InlineData(5039), InlineData(5413), InlineData(5024867), InlineData(5017356), InlineData(5007563)]
    public void Seed_ThatFoundABugBeyondTheSwarmOfEveryRun_FindsItNoMore(ulong seed) => Assert.Null(SwarmEpisode.Run(seed).Violation);

    [Fact]
    public void Replay_OfASeed_IsTheSame()
    {
        foreach (var seed in new ulong[] { 7, 46, 225, 1428, 2154 }) Assert.Equal(SwarmEpisode.Run(seed).Hash, SwarmEpisode.Run(seed).Hash);
    }
}
