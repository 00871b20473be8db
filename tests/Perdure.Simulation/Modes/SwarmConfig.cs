using System.Globalization;
using Perdure.Worker;

namespace Perdure.Simulation;

/// <summary>What one seed's world is like: which faults exist and how often, how many processes, how long a lease, what there is to do.</summary>
internal sealed record SwarmConfig
{
    public required ulong Seed { get; init; }

    public required int Nodes { get; init; }

    public required int Clients { get; init; }

    public required int Runs { get; init; }

    public required WorkerSettings Worker { get; init; }

    public required StormSettings Storm { get; init; }

    public required TimeSpan StormTime { get; init; }

    /// <summary>Mean time between two crashes of a process; zero for none.</summary>
    public required TimeSpan Crashes { get; init; }

    public required TimeSpan Pauses { get; init; }

    public required TimeSpan Stops { get; init; }

    public required double HintsLost { get; init; }

    public required double HintsDoubled { get; init; }

    public required double HintDelayMs { get; init; }

    /// <summary>By how much monotonic clocks are wrong, either way.</summary>
    public required double Drift { get; init; }

    public required bool IsOrderly { get; init; }

    public required int MaxCrashes { get; init; }

    /// <summary>How many runs have events that the store refuses until the storm is over.</summary>
    public required int Poisoned { get; init; }

    /// <summary>Mean time between two steps of the store's clock; zero for none.</summary>
    public required TimeSpan ClockSteps { get; init; }

    /// <summary>Farthest step of the store's clock, either way.</summary>
    public required TimeSpan LongestStep { get; init; }

    public static SwarmConfig Draw(ulong seed)
    {
        var random = new SimRandom(seed ^ 0x5EED5EED);
        var lease = TimeSpan.FromMilliseconds(random.Pick(500, 1000, 2000, 5000, 10_000));
        var timeout = TimeSpan.FromMilliseconds(random.Pick(1000, 3000, 8000));
        var level = random.Pick(0, 0.01, 0.03, 0.1, 0.25);
        var time = TimeSpan.FromMilliseconds(Math.Max(lease.TotalMilliseconds * 6, 8000));
        TimeSpan Mean(double chance) => random.Chance(chance) ? TimeSpan.FromMilliseconds(time.TotalMilliseconds / random.Between(1, 6)) : TimeSpan.Zero;
        var limits = new SimRandom(seed ^ 0x11317);
        double Fate(double chance) => random.Chance(chance) ? level * random.NextDouble() : 0;
        return new SwarmConfig
        {
            Seed = seed,
            Nodes = random.Between(1, 3),
            Clients = random.Between(1, 3),
            Runs = random.Between(1, 6),
            Worker = new WorkerSettings
            {
                Lease = lease,
                PollInterval = TimeSpan.FromMilliseconds(random.Pick(100, 300, 1000)),
                StoreTimeout = timeout,
                MaxResidentRuns = random.Pick(1, 2, 10_000),
                MaxConcurrentSteps = random.Pick(1, 2, 256),
                ClaimBatch = random.Pick(1, 50),
                KeepWarm = TimeSpan.FromMilliseconds(random.Pick(0, 50, 5000)),
                ActivityQueues = new Dictionary<string, int> { [PerdureDefaults.Queue] = random.Pick(1, 10) },
                RunLimits = limits.Chance(0.2) ? new Dictionary<string, int> { [PerdureDefaults.Queue] = limits.Pick(1, 2) } : new(),
            },
            Storm = new StormSettings
            {
                Failed = Fate(0.6), LostRequest = Fate(0.5), LostAnswer = Fate(0.6), Silent = Fate(0.3), Late = Fate(0.3),
                SlowestMs = random.Pick(0.3, 1, 5, 40), Timeout = timeout,
            },
            StormTime = time,
            Crashes = Mean(0.6),
            Pauses = Mean(0.5),
            Stops = Mean(0.3),
            HintsLost = random.Pick(0, 0.1, 0.5, 1),
            HintsDoubled = random.Pick(0, 0.3),
            HintDelayMs = random.Pick(0.1, 1, 500),
            Drift = random.Pick(0, 0.001, 0.02),
            IsOrderly = random.Chance(0.3),
            MaxCrashes = random.Pick(50, 50, 50, 2),
            Poisoned = random.Pick(0, 0, 0, 0, 1),
            ClockSteps = Mean(0.1),
            LongestStep = lease * random.Pick(0.2, 1, 3),
        };
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Nodes} nodes, {Clients} clients, {Runs} runs, L {Worker.Lease.TotalSeconds} s, P {Worker.PollInterval.TotalSeconds} s, store timeout {Worker.StoreTimeout.TotalSeconds} s, resident {Worker.MaxResidentRuns}, {string.Concat(Worker.RunLimits.Select(limit => $"of {limit.Key} {limit.Value}, "))}steps {Worker.MaxConcurrentSteps}, keep warm {Worker.KeepWarm.TotalSeconds} s, "
        + $"calls: failed {Storm.Failed:0.###}, lost requests {Storm.LostRequest:0.###}, lost answers {Storm.LostAnswer:0.###}, silent {Storm.Silent:0.###}, late {Storm.Late:0.###}, way {Storm.SlowestMs} ms; "
        + $"storm {StormTime.TotalSeconds} s, crash every {Crashes.TotalSeconds:0.#} s, pause every {Pauses.TotalSeconds:0.#} s, stop every {Stops.TotalSeconds:0.#} s, hints lost {HintsLost}, doubled {HintsDoubled}, drift {Drift}, max crashes {MaxCrashes}, poisoned {Poisoned}, clock step every {ClockSteps.TotalSeconds:0.#} s, up to {LongestStep.TotalSeconds:0.#} s");
}
