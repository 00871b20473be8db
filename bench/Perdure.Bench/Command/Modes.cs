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
        if (args.Verb is not ("tput" or "idle" or "sleep" or "startup" or "recover" or "queue" or "signal" or "crash" or "replay" or "limit" or "queue-limits" or "builds" or "fanout" or "child" or "schedule" or "churn"
            or "all")) return null;
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
            "sleep" => SleepCases(scratch, Database(args), args.Number("count", 10_000), args.Number("beside", 0)),
            "startup" => [Startup.Create(scratch, Database(args))],
            "queue" or "signal" => [IdleLatency.Create(scratch, Database(args)), BetweenProcesses.Create(scratch, Database(args))],
            "crash" => [Takeover.Create(scratch, Database(args), args.Number("runs", 1000), args.Number("steps", 20))],
            "recover" => [Recovery.Create(scratch, args.Number("runs", 1000), args.Number("steps", 20))],
            "replay" => [Replay.Create()],
            "limit" => LimitCases(scratch, args),
            "queue-limits" => QueueCases(scratch, args),
            "builds" => [CommitLimits.Create(scratch, Database(args)), BuildClaims.Create(scratch, Database(args), args.Number("backlog", QueueClaims.StandardBacklog))],
            "fanout" => FanOutCases(scratch, args),
            "child" => ChildCases(scratch, args),
            "churn" => [Churn.Create(scratch, Database(args), args.Number("steps", 20), args.Number("total", 10_000))],
            "schedule" => ScheduleCases(scratch, args),
            _ => AllCases(scratch, args),
        };
        args.RefuseUnknown();
        output.WriteLine(MachineInfo.Read(scratch.Directory));
        var results = await rounds.RunAsync(cases);
        Report.Print(output, results, args.Verb == "all" ? Bars.Of(Database(args)) : []);
        return 0;
    }

    private static Backend StoreThatKeeps(Arguments args) =>
        Store(args) is var store and not Backend.Null
            ? store
            : throw new UsageException("The null store keeps no run that a client could wait for.");

    private static Backend Database(Arguments args) => Store(args) is var store and (Backend.Sqlite or Backend.Postgres)
        ? store
        : throw new UsageException($"'{args.Verb}' is measured on a database: sqlite or postgres.");

    private static Backend Store(Arguments args) => Backends.Parse(args.Text("store", "sqlite"));

    private static List<Case> ThroughputCases(Scratch scratch, Arguments args)
    {
        var (steps, inFlight, total) = (args.Number("steps", 5), args.Number("inflight", 100), args.Number("total", 10_000));
        var (store, payload) = (Store(args), args.Number("payload", Throughput.StandardPayload, least: 0));
        var cases = new List<Case> { Throughput.Create(scratch, store, steps, inFlight, total, payload) };
        if (store is Backend.Sqlite or Backend.Postgres) cases.Insert(0, PrototypeThroughput.Create(scratch, store, steps, inFlight, total));
        return cases;
    }

    private static List<Case> SleepCases(Scratch scratch, Backend store, int count, int beside = 0) =>
        beside > 0 ? [Sleepers.Create(scratch, store, evicted: true, count), Sleepers.Create(scratch, store, evicted: true, count, beside)]
        : count > Sleepers.MostResident
            ? [Sleepers.Create(scratch, store, evicted: true, count)]
            : [Sleepers.Create(scratch, store, evicted: false, count), Sleepers.Create(scratch, store, evicted: true, count)];

    private static List<Case> LimitCases(Scratch scratch, Arguments args)
    {
        var (store, inFlight, total) = (Database(args), args.Number("inflight", 100), args.Number("total", 10_000));
        return
        [
            CommitLimits.Create(scratch, store, args.Number("commits", CommitLimits.StandardCommits)),
            PrototypeThroughput.Create(scratch, store, 5, inFlight, total),
            PrototypeThroughput.Create(scratch, store, 20, inFlight, total / 2),
        ];
    }

    private static List<Case> QueueCases(Scratch scratch, Arguments args)
    {
        var (store, backlog, total) = (Database(args), args.Number("backlog", QueueClaims.StandardBacklog), args.Number("total", 5000));
        return
        [
            CommitLimits.Create(scratch, store),
            .. Enum.GetValues<QueueClaims.Rule>().Select(rule => QueueClaims.Create(scratch, store, rule, backlog)),
            .. new[] { 0, 100, 10 }.Select(limit => QueueThroughput.Create(scratch, store, limit, total)),
        ];
    }

    private static List<Case> FanOutCases(Scratch scratch, Arguments args)
    {
        var (store, width) = (Store(args), args.Number("width", FanOut.StandardWidth));
        var (inFlight, total) = (args.Number("inflight", 100), args.Number("total", 3000));
        return
        [
            .. LimitsOf(scratch, store, width, inFlight, total),
            FanOut.Create(scratch, store, bounded: false, width, inFlight, total),
            FanOut.Create(scratch, store, bounded: true, width, inFlight, total),
        ];
    }

    private static List<Case> ChildCases(Scratch scratch, Arguments args)
    {
        var (store, children) = (StoreThatKeeps(args), args.Number("children", 10));
        var (inFlight, total) = (args.Number("inflight", 20, least: 2), args.Number("total", 1000));
        return
        [
            .. LimitsOf(scratch, store, steps: 1, inFlight * children, total * children),
            Children.Create(scratch, store, children, inFlight, total),
            Children.Create(scratch, store, children: 1, inFlight: 1, Math.Min(total, 500)),
        ];
    }

    private static List<Case> ScheduleCases(Scratch scratch, Arguments args)
    {
        var (store, count, waiting) = (Database(args), args.Number("count", 500), args.Number("waiting", 2000, least: 0));
        List<Case> cases =
        [
            .. LimitsOf(scratch, store, steps: 1, inFlight: 100, total: 10_000),
            ScheduleFires.Create(scratch, store, count, waiting: 0),
        ];
        if (waiting > 0) cases.Add(ScheduleFires.Create(scratch, store, count, waiting));
        cases.Add(ScheduleBurst.Create(scratch, store, count));
        return cases;
    }

    /// <summary>What the same database allows; nothing where there is none.</summary>
    private static Case[] LimitsOf(Scratch scratch, Backend store, int steps, int inFlight, int total) =>
        store is Backend.Sqlite or Backend.Postgres ? [CommitLimits.Create(scratch, store), PrototypeThroughput.Create(scratch, store, steps, inFlight, total)] : [];

    /// <summary>Everything. What is compared stands side by side.</summary>
    private static List<Case> AllCases(Scratch scratch, Arguments args)
    {
        var (store, total, count) = (Database(args), args.Number("total", 10_000), args.Number("count", 10_000));
        List<Case> cases =
        [
            CommitLimits.Create(scratch, store),
            IdleLatency.Create(scratch, store),
            Throughput.Create(scratch, store, 1, 100, total),
            PrototypeThroughput.Create(scratch, store, 1, 100, total),
            PrototypeThroughput.Create(scratch, store, 5, 100, total),
            Throughput.Create(scratch, store, 5, 100, total),
            PrototypeThroughput.Create(scratch, store, 20, 100, total / 2),
            Throughput.Create(scratch, store, 20, 100, total / 2),
            FanOut.Create(scratch, store, bounded: false, FanOut.StandardWidth, 100, total / 2),
            PrototypeThroughput.Create(scratch, store, 1, 200, total),
            Children.Create(scratch, store, children: 10, inFlight: 20, total / 10),
            ScheduleBurst.Create(scratch, store, count: 500),
        ];
        if (store == Backend.Postgres) cases.AddRange([BetweenProcesses.Create(scratch, store), Takeover.Create(scratch, store, 1000, 20)]);
        // The engine's own cost, without that of copying payloads.
        else cases.AddRange([Throughput.Create(scratch, Backend.Memory, 5, 100, total), Throughput.Create(scratch, Backend.Null, 20, 100, total, payload: 0), Replay.Create(), Recovery.Create(scratch, 1000, 20)]);
        cases.AddRange(SleepCases(scratch, store, count));
        cases.Add(Startup.Create(scratch, store));
        return cases;
    }
}
