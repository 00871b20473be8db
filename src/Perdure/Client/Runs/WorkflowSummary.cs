namespace Perdure;

/// <summary>A workflow that is registered here or has runs in the store. Immutable.</summary>
public sealed record WorkflowSummary
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The versions that are registered in this process, in order; empty for a workflow that only other processes have.</summary>
    public required IReadOnlyList<int> Versions { get; init; }

    /// <summary>How many runs of each status there are, of all versions. Statuses without runs are left out.</summary>
    public required IReadOnlyDictionary<RunStatus, int> Runs { get; init; }

    /// <summary>When the newest run was created, on the store's clock; null when there is none.</summary>
    public DateTimeOffset? LastCreatedAt { get; init; }

    /// <summary>Where the newest run stands; null when there is none.</summary>
    public RunStatus? LastStatus { get; init; }
}
