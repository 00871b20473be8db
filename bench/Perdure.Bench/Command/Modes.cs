using Perdure.Bench.Cases;
using Perdure.Bench.Engines;
using Perdure.Bench.Measuring;

namespace Perdure.Bench.Command;

/// <summary>Which cases each mode measures.</summary>
internal static class Modes
{
    private const int StandardRounds = 5;
    private const int StandardWarmUpSeconds = 3;

    /// <summary>Runs a mode; null when there is none of that name.</summary>
    public static async Task<int?> RunAsync(Arguments args, TextWriter output)
    {
        if (args.Verb is not ("tput" or "idle" or "sleep" or "startup" or "recover" or "replay" or "limit" or "all")) return null;
        var directory = args.Text("dir", Path.GetTempPath());
        var rounds = new Rounds
        {
            Count = args.Number("rounds", StandardRounds),
            WarmUp = TimeSpan.FromSeconds(args.Number("warmup", StandardWarmUpSeconds, least: 0)),
            Calm = TimeSpan.FromSeconds(args.Number("calm", 0, least: 0)),
            OnProgress = Console.Error.WriteLine,
        };
        using var scratch = new Scratch(directory);
        IReadOnlyList<Case> cases = args.Verb switch
        {
            "tput" => ThroughputCases(scratch, args),
            "idle" => [IdleLatency.Create(scratch, StoreThatKeeps(args))],
            "sleep" => SleepCases(scratch, args.Number("count", 10_000)),
            "startup" => [Startup.Create(scratch)],
            "recover" => [Recovery.Create(scratch, args.Number("runs", 1000), args.Number("steps", 20))],
            "replay" => [Replay.Create()],
            "limit" => LimitCases(scratch, args),
            _ => AllCases(scratch, args),
        };
        args.RefuseUnknown();
        output.WriteLine(MachineInfo.Read(scratch.Directory));
        var results = await rounds.RunAsync(cases);
        Report.Print(output, results, args.Verb == "all" ? Bars.All : []);
        return 0;
    }

    private static Backend StoreThatKeeps(Arguments args) =>
        Store(args) is var store and not Backend.Null
            ? store
            : throw new UsageException("The null store keeps no run that a client could wait for.");

    private static Backend Store(Arguments args) => Backends.Parse(args.Text("store", "sqlite"));

    private static List<Case> ThroughputCases(Scratch scratch, Arguments args)
    {
        var (steps, inFlight, total) = (args.Number("steps", 5), args.Number("inflight", 100), args.Number("total", 10_000));
        var (store, payload) = (Store(args), args.Number("payload", Throughput.StandardPayload, least: 0));
        var cases = new List<Case> { Throughput.Create(scratch, store, steps, inFlight, total, payload) };
        if (store == Backend.Sqlite) cases.Insert(0, PrototypeThroughput.Create(scratch, steps, inFlight, total));
        return cases;
    }

    private static List<Case> SleepCases(Scratch scratch, int count) =>
        count > Sleepers.MostResident
            ? [Sleepers.Create(scratch, evicted: true, count)]
            : [Sleepers.Create(scratch, evicted: false, count), Sleepers.Create(scratch, evicted: true, count)];

    private static List<Case> LimitCases(Scratch scratch, Arguments args)
    {
        var (inFlight, total) = (args.Number("inflight", 100), args.Number("total", 10_000));
        return 
        [
            CommitLimits.Create(scratch, args.Number("commits", CommitLimits.StandardCommits)),
            PrototypeThroughput.Create(scratch, 5, inFlight, total),
            PrototypeThroughput.Create(scratch, 20, inFlight, total / 2),
        ];
    }

    /// <summary>Everything. What is compared stands side by side.</summary>
    private static List<Case> AllCases(Scratch scratch, Arguments args)
    {
        var total = args.Number("total", 10_000);
        var count = args.Number("count", 10_000);
        return
        [
            CommitLimits.Create(scratch),
            IdleLatency.Create(scratch, Backend.Sqlite),
            Throughput.Create(scratch, Backend.Sqlite, 1, 100, total),
            PrototypeThroughput.Create(scratch, 1, 100, total),
            PrototypeThroughput.Create(scratch, 5, 100, total),
            Throughput.Create(scratch, Backend.Sqlite, 5, 100, total),
            PrototypeThroughput.Create(scratch, 20, 100, total / 2),
            Throughput.Create(scratch, Backend.Sqlite, 20, 100, total / 2),
            Throughput.Create(scratch, Backend.Memory, 5, 100, total),
            // The engine's own cost, without that of copying payloads.
            Throughput.Create(scratch, Backend.Null, 20, 100, total, payload: 0),
            Replay.Create(),
            .. SleepCases(scratch, count),
            Startup.Create(scratch),
            Recovery.Create(scratch, 1000, 20),
        ];
    }
}
