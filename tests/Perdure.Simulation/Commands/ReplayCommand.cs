namespace Perdure.Simulation;

/// <summary>Tells what happened in one world, line by line.</summary>
internal static class ReplayCommand
{
    public static int Run(Arguments arguments)
    {
        Defect? defect = arguments.Text("bug") is { } name ? Enum.Parse<Defect>(name) : null;
        if (arguments.Text("scenario") is { } scenario)
        {
            var point = arguments.Text("point") is { } text ? CrashPoint.Parse(text) : null;
            var told = ScenarioEpisode.Tell(Scenarios.All.First(known => known.Name == scenario), point, defect, verbose: true);
            return Tell(arguments, told.Lines, told.Struck is { } struck ? $"struck at {struck}" : "not struck", told.Violation, told.Hash);
        }
        if (arguments.Text("seed") is null) return HelpCommand.Run();
        var result = SwarmEpisode.Run((ulong)arguments.Number("seed", 1), defect, verbose: true);
        return Tell(arguments, result.Lines, result.Configuration, result.Violation, result.Hash);
    }

    private static int Tell(Arguments arguments, IEnumerable<TraceLine> lines, string world, Violation? violation, ulong hash)
    {
        var about = arguments.Text("about");
        foreach (var line in lines.Where(line => about is null || line.ToString().Contains(about, StringComparison.Ordinal)).TakeLast((int)arguments.Number("lines", 400)))
            Console.WriteLine(line);
        Console.WriteLine(world);
        Console.WriteLine($"{(violation is null ? "nothing was broken" : violation.ToString())} (trace {hash:x})");
        return violation is null ? 0 : 1;
    }
}
