using System.Globalization;

namespace Perdure.Torture.Adapter;

/// <summary>What the harness says in the environment.</summary>
internal sealed record AdapterSettings
{
    public required Database Database { get; init; }
    public string Journal { get; init; } = "";
    public string Worker { get; init; } = "";
    public string Boot { get; init; } = "";
    public TimeSpan Lease { get; init; } = PerdureDefaults.WorkerLease;
    public TimeSpan Poll { get; init; } = PerdureDefaults.PollInterval;

    public int MaxDeliveries { get; init; } = 8;
    public int Slots { get; init; } = 8;
    public int Pool { get; init; } = 4;

    public static AdapterSettings FromEnvironment() => new()
    {
        Database = Database.Parse(Text("G_DB") ?? throw new InvalidOperationException("G_DB says nothing.")),
        Journal = Text("G_JOURNAL") ?? "",
        Worker = Text("G_WORKER") ?? "",
        Boot = Text("G_BOOT") ?? "",
        Lease = TimeSpan.FromMilliseconds(Math.Max(Number("G_LEASE_MS") ?? 3000, PerdureDefaults.MinWorkerLease.TotalMilliseconds)),
        Poll = TimeSpan.FromMilliseconds(Number("G_POLL_MS") ?? 500),
        MaxDeliveries = Number("G_MAX_DELIVERIES") ?? 8,
        Slots = Number("G_SLOTS") ?? 8,
        Pool = Number("G_POOL") ?? 4,
    };

    private static string? Text(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;

    private static int? Number(string name) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
