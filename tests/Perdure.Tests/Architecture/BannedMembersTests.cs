using Perdure.Tests.Architecture.Reading;

namespace Perdure.Tests.Architecture;

/// <summary>The compiled engine touches no clock, no randomness, no thread and no timer but through its ports.</summary>
public sealed class BannedMembersTests
{
    /// <summary>The only places that may: the ends of the ports. Site, what it uses, why.</summary>
    private static readonly (string Site, string Member, string Why)[] Allowed =
    [
        ("Perdure.Worker.SystemEntropy", "", "is the port IEntropy over the operating system"),
        ("Perdure.Worker.ThreadScheduler", "System.Threading.ThreadPool::", "is the port IEngineScheduler over the thread pool"),
        ("Perdure.Worker.LoopThread", "System.Threading.Thread::", "is the thread of a loop, which the same port starts"),
        ("Perdure.Worker.ThreadScheduler", "System.Threading.Thread::Yield", "is how the same port gives the processor away"),
        ("Perdure.Runtime.SplitMixRandom", "System.Random::.ctor(", "is the seeded generator of a run; it calls its base's constructor and overrides every member"),
    ];

    private static readonly CompiledAssembly Engine = CompiledAssembly.Of(typeof(WorkflowContext));

    [Fact]
    public void Engine_UsesNoBannedMember()
    {
        var found = Banned(Engine).Where(b => !Allowed.Any(a => Covers(a, b.Use)))
            .Select(b => $"{b.Use.Site} uses {b.Use.Member}: {b.Reason}").Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(found.Count == 0, "The simulation cannot steer these calls. Use the port.\n" + string.Join("\n", found));
    }

    [Fact]
    public void AllowList_IsShortAndHasNoStaleEntry()
    {
        Assert.InRange(Allowed.Length, 1, 5);
        var stale = Allowed.Where(a => !Banned(Engine).Any(b => Covers(a, b.Use))).Select(a => $"{a.Site} uses no {a.Member}; take it off the list.");
        Assert.Empty(stale);
    }

    [Theory]
    [InlineData("Clocks", 8)]
    [InlineData("Chance", 5)]
    [InlineData("Threads", 8)]
    [InlineData("Timers", 4)]
    [InlineData("WaitsAsync", 4)]
    public void Reader_FindsEachBannedMember(string method, int members)
    {
        var found = Banned(CompiledAssembly.Of(typeof(Forbidden))).Where(b => b.Use.Site == $"{typeof(Forbidden).FullName}.{method}").Select(b => b.Use.Member);
        Assert.True(members == found.Count(), $"{members} expected, found:\n{string.Join("\n", found)}");
    }

    [Fact]
    public void Reader_LetsThePortsPass() =>
        Assert.DoesNotContain(Banned(CompiledAssembly.Of(typeof(Forbidden))), b => b.Use.Site.Contains(nameof(Forbidden.AllowedAsync), StringComparison.Ordinal));

    private static IEnumerable<(CodeUse Use, string Reason)> Banned(CompiledAssembly assembly) =>
        from use in assembly.Uses
        let reason = BannedMembers.Reason(use)
        where reason is not null
        select (use, reason);

    private static bool Covers((string Site, string Member, string Why) allowed, CodeUse use) =>
        use.Type == allowed.Site && use.Member.StartsWith(allowed.Member, StringComparison.Ordinal);
}
