using System.Text.Json;
using Perdure.Authoring;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>The outcome of an activity's attempt as the message that travels to its run.</summary>
internal static class TaskResultCodec
{
    public static ReadOnlyMemory<byte> Write(int operation, BodyOutcome outcome)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(128 + outcome.Result.Length);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("operation", operation);
            writer.WriteNumber("verdict", (int)outcome.Verdict);
            writer.WriteNumber("attempt", outcome.Attempt);
            writer.WriteNumber("worker", outcome.Worker);
            if (outcome.StartedAt > Instant.Earliest) writer.WriteNumber("startedAt", outcome.StartedAt.Micros);
            if (!outcome.RetryAt.IsNever) writer.WriteNumber("retryAt", outcome.RetryAt.Micros);
            if (outcome.Final) writer.WriteBoolean("final", true);
            WriteRaw(writer, "result", outcome.Result);
            WriteRaw(writer, "details", outcome.Details);
            if (outcome.Failure is not null) WriteRaw(writer, "failure", outcome.Failure.Encode());
            writer.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    public static (int Operation, BodyOutcome Outcome) Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return (root.GetProperty("operation").GetInt32(), new BodyOutcome
        {
            Verdict = (BodyVerdict)root.GetProperty("verdict").GetInt32(),
            Attempt = root.GetProperty("attempt").GetInt32(),
            Worker = root.GetProperty("worker").GetInt64(),
            StartedAt = root.TryGetProperty("startedAt", out var startedAt) ? new Instant(startedAt.GetInt64()) : Instant.Earliest,
            RetryAt = root.TryGetProperty("retryAt", out var retryAt) ? new Instant(retryAt.GetInt64()) : Instant.Never,
            Final = root.TryGetProperty("final", out _),
            Result = Raw(root, "result"),
            Details = Raw(root, "details"),
            Withdrawal = Raw(root, "withdrawal"),
            Failure = Raw(root, "failure") is { IsEmpty: false } failure ? Failure.Decode(failure.Span) : null,
        });
    }

    private static void WriteRaw(Utf8JsonWriter writer, string name, ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty) return;
        writer.WritePropertyName(name);
        writer.WriteRawValue(json.Span, skipInputValidation: true);
    }

    private static ReadOnlyMemory<byte> Raw(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) ? JsonSerializer.SerializeToUtf8Bytes(value, WorkerJsonContext.Default.JsonElement) : default;
}
