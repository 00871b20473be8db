using System.Diagnostics;
using System.Globalization;

namespace Perdure.Simulation;

/// <summary>Strikes scenarios at every point and says what came of it.</summary>
internal static class SweepCommand
{
    public static int Run(Arguments arguments)
    {
        var watch = Stopwatch.StartNew();
        var (scenarios, points, failures) = (0, 0, 0);
        foreach (var scenario in Scenarios.All.Where(scenario => (arguments.Text("scenario") ?? scenario.Name) == scenario.Name))
        {
            var report = CrashSweep.Run(scenario);
            scenarios++;
            points += report.Points;
            failures += report.Failures.Count;
            Console.WriteLine($"{scenario.Name,-36} {report.Calls,4} calls {report.Points,5} points {report.Takeovers,5} takeovers {report.RefusedZombies,5} refused zombies");
            foreach (var (point, violation) in report.Failures)
            {
                Console.WriteLine($"  {violation}");
                Console.WriteLine($"  to see it again: replay --scenario \"{scenario.Name}\"{(point is null ? "" : $" --point {point.ToArgument()}")}");
            }
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{scenarios} scenarios, {points} points, {failures} violations, {watch.Elapsed.TotalSeconds:0} s"));
        return failures == 0 && points > 0 ? 0 : 1;
    }
}
