using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>What a run is born with: all that its code may depend on besides its input and its events.</summary>
/// <param name="Id">Public id; also the seed of its random numbers.</param>
/// <param name="Workflow">Name of the workflow.</param>
/// <param name="Settings">Options that were fixed when it was started.</param>
/// <param name="Deadline">End of the run timeout, or never.</param>
/// <param name="Losses">How often it has lost its worker so far.</param>
/// <param name="IsNew">Nobody has loaded it before: what its code does in its first turn is no replay.</param>
internal sealed record RunSeed(string Id, string Workflow, RunSettings Settings, Instant Deadline, int Losses, bool IsNew = false)
{
    private static readonly IReadOnlyDictionary<string, string> NoTags = new Dictionary<string, string>();

    /// <summary>What the run of a row is born with.</summary>
    /// <param name="row">The row.</param>
    /// <param name="events">Its history.</param>
    /// <param name="workflow">Its code; null when this build has none.</param>
    /// <param name="isNew">Whether nobody has loaded it before.</param>
    /// <exception cref="System.Text.Json.JsonException">Its options cannot be read.</exception>
    public static RunSeed Of(RunRecord row, EventRecord[] events, WorkflowDescriptor? workflow, bool isNew) =>
        new(row.Id, workflow?.Name ?? row.Workflow, RunSettings.Read(row.Options), row.Deadline, row.Losses, isNew)
        {
            Tags = row.Tags, Version = row.Version, Build = row.Build, Queue = row.Queue, Priority = row.Priority, ConcurrencyKey = row.ConcurrencyKey, MaxCrashes = row.MaxCrashes,
            Rules = row.EngineSemantics,
            CreatedAt = events[0].Due.IsNever ? row.CreatedAt : events[0].Due,
        };

    /// <summary>Version of the workflow.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The build that it is pinned to, or null.</summary>
    public string? Build { get; init; }

    /// <summary>Its queue.</summary>
    public string Queue { get; init; } = PerdureDefaults.Queue;

    /// <summary>Its priority.</summary>
    public int Priority { get; init; }

    /// <summary>What limits of its queue count it under, or null.</summary>
    public string? ConcurrencyKey { get; init; }

    /// <summary>How many losses in a row block it.</summary>
    public int MaxCrashes { get; init; } = PerdureDefaults.MaxCrashes;

    /// <summary>When it was created, or was to begin.</summary>
    public Instant CreatedAt { get; init; }

    /// <summary>The replay rules that it was born under.</summary>
    public int Rules { get; init; } = ReplayRules.Current;

    /// <summary>Its tags, which its children inherit.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = NoTags;
}
