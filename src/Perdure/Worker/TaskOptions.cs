using System.Text.Json;
using System.Text.Json.Serialization;
using Perdure.Authoring;
using Perdure.Runtime;

namespace Perdure.Worker;

/// <summary>What a worker must know to run an attempt of an activity; stored with the task.</summary>
/// <param name="StartToClose">Limit of one attempt.</param>
/// <param name="Heartbeat">Longest silence of an attempt.</param>
/// <param name="StepId">The caller's id of the operation, part of the idempotency key.</param>
internal sealed record TaskOptions(TimeSpan? StartToClose, TimeSpan? Heartbeat, string? StepId = null)
{
    public static TaskOptions From(ActivitySettings settings) => new(settings.StartToClose, settings.Heartbeat);

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
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(TaskOptions))]
[JsonSerializable(typeof(BlockedInfo))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class WorkerJsonContext : JsonSerializerContext;
