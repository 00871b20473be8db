using System.Globalization;
using Perdure.Authoring;

namespace Perdure;

/// <summary>One attempt of a step or an activity, for its body: declare a parameter of this type. Thread-safe.</summary>
public sealed class StepInfo
{
    private readonly int _operation;
    private readonly string? _id;
    private readonly PayloadCodec _codec;
    private readonly ReadOnlyMemory<byte> _previousDetails;
    private readonly Action<ReadOnlyMemory<byte>>? _heartbeat;
    private readonly ICheckpoints? _checkpoints;
    private string? _idempotencyKey;

    /// <param name="runId">The run.</param>
    /// <param name="stepName">The step or activity.</param>
    /// <param name="attempt">From 1.</param>
    /// <param name="operation">The operation's number in the run.</param>
    /// <param name="id">The caller's <see cref="StepOptions.Id"/>.</param>
    /// <param name="codec">Reads and writes heartbeat details.</param>
    /// <param name="previousDetails">What an earlier attempt reported; empty when none did.</param>
    /// <param name="heartbeat">Takes the details as JSON, empty when there are none; null when the attempt has no heartbeat clock.</param>
    /// <param name="data">The run's data when the operation was issued; null for none.</param>
    /// <param name="checkpoints">Where it saves its progress; null where it cannot.</param>
    internal StepInfo(
        string runId, string stepName, int attempt, int operation, string? id, PayloadCodec codec,
        ReadOnlyMemory<byte> previousDetails = default, Action<ReadOnlyMemory<byte>>? heartbeat = null, RunDataView? data = null, ICheckpoints? checkpoints = null)
    {
        RunId = runId;
        StepName = stepName;
        Attempt = attempt;
        _operation = operation;
        _id = id;
        _codec = codec;
        _previousDetails = previousDetails;
        _heartbeat = heartbeat;
        _checkpoints = checkpoints;
        Data = data ?? RunDataView.Empty;
    }

    /// <summary>Reads and writes payloads.</summary>
    internal PayloadCodec Codec => _codec;

    /// <summary>The data of the run as it was when the step or activity was called; every attempt sees the same. For reading only.</summary>
    public RunDataView Data { get; }

    /// <summary>The run's public id.</summary>
    public string RunId { get; }

    /// <summary>The step's or activity's name.</summary>
    public string StepName { get; }

    /// <summary>The attempt, from 1. Numbers rise and are never reused; one may be missing after a crash.</summary>
    public int Attempt { get; }

    /// <summary>
    /// The same for every attempt of this step, in every process; another for every other step, loop turn and run. Hand it to the service
    /// that the step calls, so that a repeated attempt does nothing twice there.
    /// </summary>
    public string IdempotencyKey => _idempotencyKey ??= FormatKey();

    /// <summary>Whether an earlier attempt reported details.</summary>
    public bool HasPreviousDetails => !_previousDetails.IsEmpty;

    /// <summary>The details that an earlier attempt reported last, as JSON; empty when none did.</summary>
    public ReadOnlyMemory<byte> PreviousDetailsJson => _previousDetails;

    /// <summary>The details that an earlier attempt reported last; the default of <typeparamref name="T"/> when none did.</summary>
    /// <typeparam name="T">The type that the details were reported as.</typeparam>
    /// <exception cref="UndecodablePayloadException">The details do not fit the type.</exception>
    public T? PreviousDetails<T>() => _previousDetails.IsEmpty ? default : _codec.Deserialize<T>(_previousDetails.Span);

    /// <summary>
    /// Says that the attempt is alive, and how far it has come. Call it as often as is convenient: it is written at most every third of
    /// <see cref="ActivityOptions.Heartbeat"/>. An attempt without a heartbeat clock only has its details checked.
    /// </summary>
    /// <param name="details">What the next attempt should know, at most 64 KiB as JSON; null for none.</param>
    /// <exception cref="PayloadTooLargeException">The details are larger than 64 KiB.</exception>
    /// <exception cref="InputValidationException">The details cannot be written as JSON.</exception>
    public void Heartbeat(object? details = null)
    {
        ReadOnlyMemory<byte> json = details is null
            ? default
            : _codec.Serialize(details, details.GetType(), PayloadKind.Details);
        _heartbeat?.Invoke(json);
    }

    /// <summary>Whether this attempt or an earlier one of the step has saved a checkpoint that was not deleted.</summary>
    public bool HasCheckpoint => _checkpoints is { } checkpoints && !checkpoints.Load().IsEmpty;

    /// <summary>The checkpoint that was saved last; the default of <typeparamref name="T"/> when there is none.</summary>
    /// <typeparam name="T">The type that it was saved as.</typeparam>
    /// <exception cref="UndecodablePayloadException">It does not fit the type.</exception>
    public T? LoadCheckpoint<T>() => _checkpoints?.Load() is { IsEmpty: false } saved ? _codec.Deserialize<T>(saved.Span) : default;

    /// <summary>
    /// Saves how far a step has come, in the place of what was saved before: its next attempt reads it, in whatever process and after whatever crash. Each call is one event of the run's history and waits
    /// for one commit, so save after work that is worth it. A step that has completed has no checkpoint any more.
    /// </summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="value">What the next attempt should know, at most 64 KiB as JSON.</param>
    /// <returns>A task that is done when the checkpoint is durable.</returns>
    /// <exception cref="PayloadTooLargeException">The value is larger than 64 KiB.</exception>
    /// <exception cref="InputValidationException">The value cannot be written as JSON.</exception>
    /// <exception cref="InvalidOperationException">The attempt is one of a queued activity, which keeps its progress in its heartbeat: <see cref="Heartbeat"/>, <see cref="PreviousDetails{T}"/>.</exception>
    /// <exception cref="OperationCanceledException">The attempt is over, or its process has lost the run. Nothing is known of what was saved.</exception>
    public Task SaveCheckpointAsync<T>(T value) => Checkpoints.SaveAsync(_codec.Serialize(value, PayloadKind.Details));

    /// <summary>Deletes the step's checkpoint, if there is one: its next attempt begins anew.</summary>
    /// <returns>A task that is done when that is durable.</returns>
    /// <inheritdoc cref="SaveCheckpointAsync{T}" path="/exception[@cref='T:System.InvalidOperationException' or @cref='T:System.OperationCanceledException']"/>
    public Task DeleteCheckpointAsync() => HasCheckpoint ? Checkpoints.SaveAsync(default) : Task.CompletedTask;

    private ICheckpoints Checkpoints => _checkpoints
        ?? throw new InvalidOperationException($"'{StepName}' is a queued activity. It keeps its progress in its heartbeat: Heartbeat(details), and PreviousDetails in the next attempt.");

    // Run ids and step ids are the caller's text; without the escape "a/1" + 2 and "a" + 1 + "2" would be one key.
    private string FormatKey()
    {
        // The name belongs to it: when a later attempt of the workflow takes another way, its operation of the same number is another step.
        string key = string.Create(CultureInfo.InvariantCulture, $"{Escape(RunId)}/{_operation}/{Escape(StepName)}");
        return _id is null ? key : $"{key}/{Escape(_id)}";
    }

    private static string Escape(string part) => part.AsSpan().IndexOfAny('%', '/') < 0
        ? part
        : part.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);
}
