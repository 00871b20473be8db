using Perdure.Worker;

namespace Perdure.Simulation;

/// <summary>A small fixed story, played again and again with a blow at another point each time.</summary>
/// <param name="Name">By which it is asked for.</param>
/// <param name="Expected">How its first run ends when nothing goes wrong.</param>
internal sealed record Scenario(string Name, RunStatus Expected)
{
    /// <summary>What clients do; each list is one client's.</summary>
    public required Func<ClientOp[][]> Clients { get; init; }

    public Func<WorkerSettings, WorkerSettings> Settings { get; init; } = static settings => settings;

    /// <summary>Settings of a second worker that is there from the beginning; null for none.</summary>
    public Func<WorkerSettings, WorkerSettings>? Second { get; init; }

    /// <summary>Versions of the workflow that the first and the second worker have code for; whoever takes the place of one that was struck has them all.</summary>
    public (int[] First, int[] Second)? Builds { get; init; }

    /// <summary>Names of the builds that the first and the second worker are, to which runs may be pinned; whoever takes the place of one that was struck takes the others' runs over.</summary>
    public (string First, string Second)? Pins { get; init; }

    /// <summary>Starts whose events the store refuses for the first second.</summary>
    public string[] Poisoned { get; init; } = [];

    /// <summary>How the first process is called, if it works on request only.</summary>
    public Rounds? Rounds { get; init; }

    /// <summary>Whether somebody starts another process as soon as one has died of its own work.</summary>
    public bool Revives { get; init; }

    /// <summary>When the first worker is asked to stop; 0 for never.</summary>
    public int StopAtMs { get; init; }

    public override string ToString() => Name;
}
