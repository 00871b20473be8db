namespace Perdure.Simulation;

/// <summary>Prints which promise is checked where, as it stands in RELIABILITY.md.</summary>
internal static class RulesCommand
{
    public static int Run()
    {
        foreach (var rule in RuleBook.All) Console.WriteLine(rule);
        return 0;
    }
}
