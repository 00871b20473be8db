namespace Perdure.Torture;

/// <summary>What one run of the torture is made of.</summary>
internal sealed record TortureConfig
{
    /// <summary>How long faults are injected.</summary>
    public TimeSpan Storm { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Decides programs and faults; not what the machine makes of them.</summary>
    public int Seed { get; init; } = Random.Shared.Next(1, 1_000_000);

    /// <summary>Which store: <c>sqlite</c> or <c>postgres</c>.</summary>
    public string Store { get; init; } = "sqlite";

    /// <summary>Where everything is kept.</summary>
    public required string Folder { get; init; }

    public int Workers { get; init; } = 3;
    public int Clients { get; init; } = 2;
    public TimeSpan Lease { get; init; } = TimeSpan.FromMilliseconds(1500);
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(250);
    public int MaxDeliveries { get; init; } = 8;

    /// <summary>Programs started a second.</summary>
    public double StartsPerSecond { get; init; } = 7;

    /// <summary>How long after the storm no run may have ended while some are open: those are stranded.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Least numbers, below which a run says nothing.</summary>
    public Minimums Minimums { get; init; } = new();
}
