namespace Perdure.Simulation;

/// <summary>Plants bugs and hunts for them.</summary>
internal static class ZooCommand
{
    public static int Run(Arguments arguments)
    {
        var missed = 0;
        Console.WriteLine("| planted bug | breaks | found as | where | worlds until then |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var defect in arguments.Text("bug") is { } name ? [Enum.Parse<Defect>(name)] : Enum.GetValues<Defect>())
        {
            var found = ZooKeeper.Hunt(defect);
            if (!found.IsRight) missed++;
            Console.WriteLine($"| `{defect}` | {string.Join(" or ", Specimens.Of(defect).Rules)} | {(found.IsRight ? found.Violation!.Rule : $"NOT FOUND ({found.Violation})")} | {found.Where} | {found.Worlds} |");
        }
        return missed == 0 ? 0 : 1;
    }
}
