using System.Diagnostics;
using Perdure.Simulation;

switch (args)
{
    case ["swarm", .. var rest]:
        var seeds = Option(rest, "--seeds", 100);
        var first = Option(rest, "--seed", 1);
        var watch = Stopwatch.StartNew();
        var total = new EpisodeCounts();
        var simulated = TimeSpan.Zero;
        var failures = new Dictionary<string, List<(long, Violation)>>();
        for (var seed = first; seed < first + seeds; seed++)
        {
            var result = SwarmEpisode.Run((ulong)seed);
            total += result.Counts;
            simulated += result.Simulated;
            if (result.Violation is { } v) { if (!failures.TryGetValue(v.Rule, out var list)) failures[v.Rule] = list = []; list.Add((seed, v)); }
        }
        foreach (var (rule, list) in failures) { Console.WriteLine($"== {rule}: {list.Count}"); foreach (var (seed, v) in list.Take(6)) Console.WriteLine($"  seed {seed}: {v.What[..Math.Min(300, v.What.Length)]}"); }
        Console.WriteLine(total);
        Console.WriteLine($"{simulated.TotalHours:0.0} simulated hours, {watch.Elapsed.TotalSeconds:0.0} s, {watch.Elapsed.TotalMilliseconds / seeds:0.0} ms a seed");
        break;
    case ["crash", .. var rest]:
        var sw = Stopwatch.StartNew();
        var only = rest is ["--scenario", var n, ..] ? n : null;
        var points = 0;
        foreach (var scenario in Scenarios.All.Where(x => only is null || x.Name == only))
        {
            var report = CrashSweep.Run(scenario);
            points += report.Points;
            Console.WriteLine($"{scenario.Name,-36} {report.Calls,4} calls {report.Points,5} points, {report.Takeovers} takeovers, {report.RefusedZombies} refused zombies, {report.Failures.Count} failures");
            foreach (var group in report.Failures.GroupBy(f => f.Violation.Rule)) Console.WriteLine($"     {group.Count()} {group.First().Point}: {group.First().Violation.ToString()[..Math.Min(400, group.First().Violation.ToString().Length)]}");
        }
        Console.WriteLine($"{points} points in {sw.Elapsed.TotalSeconds:0.0} s");
        break;
    case ["zoo", .. var rest]:
        foreach (var defect in rest.Length > 0 ? [Enum.Parse<Defect>(rest[0])] : Enum.GetValues<Defect>())
        {
            var zw = Stopwatch.StartNew();
            var found = ZooKeeper.Hunt(defect);
            Console.WriteLine($"{defect,-24} {(found.Where is null ? "NOT FOUND" : $"{found.Where}: {found.Violation!.ToString()[..Math.Min(160, found.Violation.ToString().Length)]}")} ({found.Worlds} worlds, {zw.Elapsed.TotalSeconds:0.0} s)");
        }
        break;
    case ["tell", var which, var target, var call, var moment, var blow]:
        var told = ScenarioEpisode.Tell(Scenarios.All.First(x => x.Name == which), new CrashPoint(target, int.Parse(call), Enum.Parse<Moment>(moment), Enum.Parse<Blow>(blow)), verbose: true);
        foreach (var line in told.Lines) Console.WriteLine(line);
        Console.WriteLine($"{told.Violation} {told.Struck}");
        break;
    case ["replay", .. var rest]:
        var replay = SwarmEpisode.Run((ulong)Option(rest, "--seed", 1), verbose: true);
        foreach (var line in replay.Lines.TakeLast((int)Option(rest, "--lines", 100000))) Console.WriteLine(line);
        Console.WriteLine(replay.Configuration);
        Console.WriteLine($"{replay.Violation} {replay.Hash:x}");
        break;
}

static long Option(string[] args, string name, long or)
{
    var index = Array.IndexOf(args, name);
    return index < 0 ? or : long.Parse(args[index + 1]);
}
