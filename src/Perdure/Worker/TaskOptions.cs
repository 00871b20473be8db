using System.Text.Json;
using System.Text.Json.Serialization;
using Perdure.Authoring;
using Perdure.Runtime;

namespace Perdure.Worker;

/// <summary>What a worker must know to run an attempt of an activity; stored with the task.</summary>
/// <param name="StartToClose">Limit of one attempt.</param>
/// <param name="Heartbeat">Longest silence of an attempt.</param>
/// <param name="StepId">The caller's id of the operation, part of the idempotency key.</param>
/// <param name="Data">The run's data when the activity was called; null for none.</param>
/// <param name="MaxCrashes">How many losses of its worker in a row it outlives; null for the default.</param>
internal sealed record TaskOptions(TimeSpan? StartToClose, TimeSpan? Heartbeat, string? StepId = null, JsonElement? Data = null, int? MaxCrashes = null)
{
    /// <param name="activity">The activity.</param>
    /// <param name="maxCrashes">What its run allows.</param>
    public static TaskOptions From(ActivityOperation activity, int maxCrashes) => new(
        activity.Settings.StartToClose, activity.Settings.Heartbeat, Data: activity.Data is { Values.IsEmpty: false } data ? JsonBytes.Element(data.Values.Write()) : null,
        MaxCrashes: maxCrashes == PerdureDefaults.MaxCrashes ? null : maxCrashes);

    /// <summary>The run's data, for reading.</summary>
    public RunDataView? View(PayloadCodec codec) => Data is { } data ? new RunDataView(DataValues.Read(JsonBytes.Of(data)), codec) : null;

    public static TaskOptions Read(ReadOnlyMemory<byte> json) =>
        json.IsEmpty ? new TaskOptions(null, null) : JsonSerializer.Deserialize(json.Span, WorkerJsonContext.Default.TaskOptions)!;

    public ReadOnlyMemory<byte> Write() => JsonSerializer.SerializeToUtf8Bytes(this, WorkerJsonContext.Default.TaskOptions);
}

/// <summary>Why a blocked run cannot go on, as its row says it.</summary>
/// <param name="Reason">Name of the reason.</param>
/// <param name="Detail">For people.</param>
internal sealed record BlockedInfo(string Reason, string Detail)
{
    public static ReadOnlyMemory<byte> Write(RunBlockedReason reason, string detail) =>
        JsonSerializer.SerializeToUtf8Bytes(new BlockedInfo(reason.ToString(), detail), WorkerJsonContext.Default.BlockedInfo);

    /// <summary>The reason that a blocked run's row gives; null for none.</summary>
    public static string? ReasonOf(ReadOnlyMemory<byte> waiting) =>
        waiting.IsEmpty ? null : JsonSerializer.Deserialize(waiting.Span, WorkerJsonContext.Default.BlockedInfo)?.Reason;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(TaskOptions))]
[JsonSerializable(typeof(BlockedInfo))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class WorkerJsonContext : JsonSerializerContext;
