using System.Diagnostics;
using System.Globalization;

namespace Perdure.Simulation;

/// <summary>Runs seeds and says what was counted, and which seeds broke a promise.</summary>
internal static class SwarmCommand
{
    public static int Run(Arguments arguments)
    {
        var (first, seeds) = (arguments.Number("seed", 1), arguments.Number("seeds", Swarm.Seeds));
        var watch = Stopwatch.StartNew();
        var failures = 0;
        var total = Swarm.Run(first, seeds, (seed, result) =>
        {
            failures++;
            Console.WriteLine($"{result.Violation}");
            Console.WriteLine($"  {result.Configuration}");
            Console.WriteLine($"  to see it again: replay --seed {seed}");
        });
        Console.WriteLine(total.Counts);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{seeds} seeds, {total.Simulated.TotalHours:0.0} simulated hours, {failures} violations, {watch.Elapsed.TotalSeconds:0} s"));
        if (total.Inconclusive is { } missing) Console.WriteLine(missing);
        return failures == 0 && total.Inconclusive is null ? 0 : 1;
    }
}
