using System.Text.Json;
using Perdure.Storage;

namespace Perdure.Formats;

/// <summary>Says that an activity was taken off its queue before an attempt of it began: data of its last event.</summary>
/// <param name="Reason">For people; may be null.</param>
internal sealed record TaskWithdrawal(string? Reason)
{
    /// <summary>The verdict of an attempt that was cancelled, as results of tasks write it.</summary>
    private const int Cancelled = 3;

    /// <summary>What takes a task off its queue: the result that its run is told, that of no attempt.</summary>
    public static TaskCompletion Of(QueuedTask task, string? reason) => new(task.Last, new OutgoingMessage
    {
        RunKey = task.Last.Run, Kind = MessageKind.TaskResult, Name = task.Activity, Id = $"task-{task.Last.Operation}-{task.Last.Token}-withdrawn",
        Payload = Write(task.Last, new TaskWithdrawal(reason)),
    });

    private static ReadOnlyMemory<byte> Write(in TaskAttempt last, TaskWithdrawal withdrawal)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("operation", last.Operation);
            writer.WriteNumber("verdict", Cancelled);
            writer.WriteNumber("attempt", 0);
            writer.WriteNumber("worker", 0);
            writer.WritePropertyName("withdrawal");
            writer.WriteRawValue(RunJson.Write(withdrawal).Span, skipInputValidation: true);
            writer.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }
}
