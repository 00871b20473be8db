using Xunit.Abstractions;

namespace Perdure.Simulation.Tests;

/// <summary>A checker that finds nothing may be blind. So bugs are planted, one at a time, and each must be found, by a promise that it breaks.</summary>
public sealed class ZooTests(ITestOutputHelper output)
{
    public static TheoryData<string> Bugs => [.. Enum.GetNames<Defect>()];

    [Theory]
    [MemberData(nameof(Bugs))]
    public void PlantedBug_IsFound_ByAPromiseThatItBreaks(string bug)
    {
        var defect = Enum.Parse<Defect>(bug);
        var found = ZooKeeper.Hunt(defect);
        output.WriteLine($"{found.Where} after {found.Worlds} worlds: {found.Violation}");
        Assert.True(found.Violation is not null, $"{bug} was not found in {found.Worlds} worlds");
        Assert.True(found.IsRight, $"{bug} breaks {string.Join(" and ", Specimens.Of(defect).Rules)}, but was found at {found.Where} as {found.Violation}");
    }

    [Fact]
    public void Zoo_HasEachBugOnce_AndNoPromiseForNothing()
    {
        Assert.Equal(Enum.GetValues<Defect>(), Specimens.All.Select(static specimen => specimen.Defect));
        Assert.All(Specimens.All, static specimen => Assert.NotEmpty(specimen.Rules));
    }
}
