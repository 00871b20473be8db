namespace Perdure.Simulation.Tests;

/// <summary>RELIABILITY.md says what is checked; these hold it to the code.</summary>
public sealed class ReliabilityDocTests
{
    private static readonly Lazy<string[]> Lines = new(static () => File.ReadAllLines(Find()));

    [Fact]
    public void Rules_AreAllThere_AsTheCodeHasThem()
    {
        Assert.Equal(Enumerable.Range(1, 44).Select(static number => $"I-{number:00}"), RuleBook.All.Select(static rule => rule.Id));
        Assert.Equal(RuleBook.All.Select(static rule => rule.ToString()), Lines.Value.Where(static line => line.StartsWith("| I-", StringComparison.Ordinal)));
    }

    [Fact]
    public void Rules_CheckersThatAreNamed_Exist()
    {
        var types = typeof(RuleBook).Assembly.GetTypes().Concat(typeof(ReliabilityDocTests).Assembly.GetTypes()).Select(static type => type.Name).ToHashSet();
        var named = RuleBook.All.SelectMany(static rule => rule.Where.Split('`').Where(static (_, index) => index % 2 == 1)).Distinct();
        Assert.All(named, name => Assert.Contains(name, types));
    }

    [Fact]
    public void PlantedBugsAndAttacks_AreAllThere()
    {
        Assert.All(Specimens.All, static specimen => Assert.Contains(Lines.Value, line => line.StartsWith($"| `{specimen.Defect}` | {string.Join(" or ", specimen.Rules)} |", StringComparison.Ordinal)));
        Assert.All(Attacks.All, static attack => Assert.Contains(Lines.Value, line => line.StartsWith($"| {attack.Name} | {attack.Rule} |", StringComparison.Ordinal)));
    }

    [Fact]
    public void Scenarios_AreAllNamed() => Assert.All(Scenarios.All, static scenario => Assert.Contains(Lines.Value, line => line.Contains(scenario.Name, StringComparison.Ordinal)));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "RELIABILITY.md");
            if (File.Exists(file)) return file;
        }
        throw new FileNotFoundException("RELIABILITY.md is not above the tests.");
    }
}
