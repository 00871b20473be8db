using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perdure.Formats;

/// <summary>The engine's own texts: requests and descriptions that stand in events, messages and rows.</summary>
internal static class RunJson
{
    public static ReadOnlyMemory<byte> Write(CancelRequest value) => JsonSerializer.SerializeToUtf8Bytes(value, RunJsonContext.Default.CancelRequest);

    public static ReadOnlyMemory<byte> Write(ActivityStart value) => JsonSerializer.SerializeToUtf8Bytes(value, RunJsonContext.Default.ActivityStart);

    public static ReadOnlyMemory<byte> Write(IReadOnlyList<WaitDescription> value) =>
        JsonSerializer.SerializeToUtf8Bytes(value, RunJsonContext.Default.IReadOnlyListWaitDescription);

    public static IReadOnlyList<WaitDescription> ReadWaits(ReadOnlyMemory<byte> json) =>
        JsonSerializer.Deserialize(json.Span, RunJsonContext.Default.IReadOnlyListWaitDescription) ?? [];

    public static ReadOnlyMemory<byte> Write(CompensationPlan value) => JsonSerializer.SerializeToUtf8Bytes(value, RunJsonContext.Default.CompensationPlan);

    public static ReadOnlyMemory<byte> Write(IReadOnlyList<CompensationResult> value) =>
        JsonSerializer.SerializeToUtf8Bytes(value, RunJsonContext.Default.IReadOnlyListCompensationResult);

    public static IReadOnlyList<CompensationResult> ReadResults(ReadOnlyMemory<byte> json) =>
        JsonSerializer.Deserialize(json.Span, RunJsonContext.Default.IReadOnlyListCompensationResult) ?? [];

    public static ReadOnlyMemory<byte> Write(HookCreation value) => JsonSerializer.SerializeToUtf8Bytes(value, RunJsonContext.Default.HookCreation);

    public static HookCreation ReadHook(ReadOnlyMemory<byte> json) => JsonSerializer.Deserialize(json.Span, RunJsonContext.Default.HookCreation)!;

    public static ReadOnlyMemory<byte> Write(WaitOrder value) => JsonSerializer.SerializeToUtf8Bytes(value, RunJsonContext.Default.WaitOrder);

    public static WaitOrder ReadWaitOrder(ReadOnlyMemory<byte> json) => JsonSerializer.Deserialize(json.Span, RunJsonContext.Default.WaitOrder)!;

    public static ReadOnlyMemory<byte> Write(WaitEnd value) => JsonSerializer.SerializeToUtf8Bytes(value, RunJsonContext.Default.WaitEnd);

    public static WaitEnd ReadWaitEnd(ReadOnlyMemory<byte> json) => JsonSerializer.Deserialize(json.Span, RunJsonContext.Default.WaitEnd)!;

    public static ReadOnlyMemory<byte> Write(TaskWithdrawal value) => JsonSerializer.SerializeToUtf8Bytes(value, RunJsonContext.Default.TaskWithdrawal);

    public static TaskWithdrawal ReadWithdrawal(ReadOnlyMemory<byte> json) => JsonSerializer.Deserialize(json.Span, RunJsonContext.Default.TaskWithdrawal)!;

    public static ReadOnlyMemory<byte> Write(PauseOrder value) => JsonSerializer.SerializeToUtf8Bytes(value, RunJsonContext.Default.PauseOrder);

    /// <summary>Nothing is said by those that are empty.</summary>
    public static PauseOrder ReadPause(ReadOnlyMemory<byte> json) =>
        json.IsEmpty ? new(null, null, false) : JsonSerializer.Deserialize(json.Span, RunJsonContext.Default.PauseOrder)!;

    public static CancelRequest ReadCancel(ReadOnlyMemory<byte> json) => JsonSerializer.Deserialize(json.Span, RunJsonContext.Default.CancelRequest)!;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true)]
[JsonSerializable(typeof(CancelRequest))]
[JsonSerializable(typeof(PauseOrder))]
[JsonSerializable(typeof(ActivityStart))]
[JsonSerializable(typeof(RunSettings))]
[JsonSerializable(typeof(CompensationPlan))]
[JsonSerializable(typeof(IReadOnlyList<CompensationResult>))]
[JsonSerializable(typeof(HookCreation))]
[JsonSerializable(typeof(WaitOrder))]
[JsonSerializable(typeof(WaitEnd))]
[JsonSerializable(typeof(TaskWithdrawal))]
[JsonSerializable(typeof(RequestDescription))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(IReadOnlyList<WaitDescription>))]
internal sealed partial class RunJsonContext : JsonSerializerContext;
