using System.Text.Json;

namespace Perdure;

/// <summary>A run with its payloads, as its row stood at one instant. Immutable. All instants are on the store's clock.</summary>
public sealed record RunInfo
{
    /// <summary>The run's public id.</summary>
    public required string Id { get; init; }

    /// <summary>Name of its workflow.</summary>
    public required string Workflow { get; init; }

    /// <summary>Version of its workflow.</summary>
    public required int Version { get; init; }

    /// <summary>The build that the run is pinned to, or null: see <see cref="WorkflowOptions.PinToBuild"/>.</summary>
    public string? Build { get; init; }

    /// <summary>Where it stands.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>What a live run is busy with besides.</summary>
    public required RunPhase Phase { get; init; }

    /// <summary>Its queue.</summary>
    public required string Queue { get; init; }

    /// <summary>Its priority.</summary>
    public required int Priority { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its row last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it ended; null while it is live.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>When it is due by itself: its next timer, retry or scheduled start. Null: only a message wakes it, or it has ended.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When its run timeout passes; null without one.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The key that it was started with, if any.</summary>
    public string? Key { get; init; }

    /// <summary>Id of the run in whose place it goes on; null for a run that is the first.</summary>
    public string? ContinuedFrom { get; init; }

    /// <summary>Id of the run that went on in its place; null for a run that is the last.</summary>
    public string? ContinuedAs { get; init; }

    /// <summary>Id of the run that started it as a child; null for a run that is no child.</summary>
    public string? ParentId { get; init; }

    /// <summary>Id of the run at the top of the tree that a child belongs to; null for a run that is no child.</summary>
    public string? RootId { get; init; }

    /// <summary>Its tags.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>What the starter gave to be kept with the run.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>The input.</summary>
    public required JsonElement Input { get; init; }

    /// <summary>The result; null unless it completed. A workflow that returned nothing has the JSON value <c>null</c>.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Why it failed, was cancelled, timed out or was terminated; null else.</summary>
    public RunError? Error { get; init; }

    /// <summary>Whether it failed, was cancelled or timed out after a saga had undone what it did.</summary>
    public bool Compensated { get; init; }

    /// <summary>What became of each undo of its sagas, with <see cref="RunInclude.Steps"/>; null else.</summary>
    public IReadOnlyList<CompensationResult>? Compensations { get; init; }

    /// <summary>What a suspended run waits for; empty else.</summary>
    public required IReadOnlyList<RunWait> WaitingFor { get; init; }

    /// <summary>Why a blocked run cannot go on, for example <c>NonDeterminism</c>; null unless it is blocked.</summary>
    public string? BlockedReason { get; init; }

    /// <summary>What exactly keeps a blocked run from going on, and what would help; null unless it is blocked.</summary>
    public string? BlockedDetail { get; init; }

    /// <summary>Published state by name. See also <see cref="IPerdureClient.ReadAsync{T}"/>.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Published { get; init; }

    /// <summary>The data that its workflow code has written (<see cref="WorkflowContext.Data"/>), as of its last commit. It stays when the run has ended.</summary>
    public required RunDataView Data { get; init; }

    /// <summary>How often it has lost its worker since it last made progress.</summary>
    public required int Crashes { get; init; }

    /// <summary>Its steps and activities, with <see cref="RunInclude.Steps"/>; null else.</summary>
    public IReadOnlyList<RunStep>? Steps { get; init; }

    /// <summary>Signals that arrived and were not taken, with <see cref="RunInclude.Signals"/>; null else. They stay listed when the run has ended.</summary>
    public IReadOnlyList<PendingSignal>? PendingSignals { get; init; }

    /// <summary>The newest of the runs that it has started as children, at most 100, with <see cref="RunInclude.Children"/>; null else. All of them are listed by <see cref="RunFilter.Parent"/>.</summary>
    public IReadOnlyList<RunSummary>? Children { get; init; }

    /// <summary>How many children of each status there are, with <see cref="RunInclude.Children"/>; null else. Statuses without runs are left out.</summary>
    public IReadOnlyDictionary<RunStatus, int>? ChildCounts { get; init; }

    /// <summary>Whether it returned normally although it had been asked to cancel. Known with <see cref="RunInclude.Steps"/> or <see cref="RunInclude.Signals"/>; null else.</summary>
    public bool? CancelIgnored { get; init; }

    /// <summary>
    /// What its code left undone when it ended: an operation that its history holds and that changed code no longer asked for. Known with <see cref="RunInclude.Steps"/> or <see cref="RunInclude.Signals"/>;
    /// null for nothing. Under <see cref="DeterminismMode.Strict"/> such a run is blocked instead.
    /// </summary>
    public string? DeterminismWarning { get; init; }
}
