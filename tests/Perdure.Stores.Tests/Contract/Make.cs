using System.Text;
using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Records with sensible values, for tests to whom most of them do not matter.</summary>
internal static class Make
{
    public static readonly CancellationToken Never = CancellationToken.None;

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    /// <summary>Events as the store sees them: bytes that say which events they are.</summary>
    public static EventBatch Events(int first, int count = 1, string mark = "e")
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++) text.Append(mark).Append(first + i).Append(';');
        return new(first, count, Bytes(text.ToString()));
    }

    public static RunBirth Birth(
        long key, string? id = null, bool chosenId = false, string? startKey = null, string workflow = "order", string input = "1",
        string queue = "default", int priority = 0, Instant? due = null, ConflictPolicy onConflict = ConflictPolicy.UseExisting,
        Instant? createdAt = null, IReadOnlyDictionary<string, string>? tags = null) => new()
        {
            Key = key, Id = id ?? $"run-{key:D4}", ChosenId = chosenId, StartKey = startKey, OnConflict = onConflict,
            Workflow = workflow, Version = 3, Queue = queue, Priority = priority,
            CreatedAt = createdAt ?? new(1_000_000 + key), DueAt = due ?? Instant.Earliest, Deadline = new(9_000_000_000_000_000),
            InputHash = Bytes("hash of " + input), Input = Bytes(input), Options = Bytes("{\"o\":1}"), Tags = tags,
            MaxCrashes = 5, EngineSemantics = 7, Events = Events(0),
        };

    public static NewTask Task(
        int operation, string queue = "mail", int priority = 0, Instant? due = null, Instant? startDeadline = null,
        Instant? closeDeadline = null, int used = 0, bool claimed = false,
        long tokensUsed = 0, string activity = "send", OutgoingMessage? ifUnknown = null) => new()
        {
            Operation = operation, Activity = activity, IfUnknown = ifUnknown, Queue = queue, Priority = priority, DueAt = due ?? Instant.Earliest,
            StartDeadline = startDeadline ?? Instant.Never, CloseDeadline = closeDeadline ?? Instant.Never, AttemptsUsed = used, TokensUsed = tokensUsed,
            Input = Bytes($"input {operation}"), Options = Bytes("{}"), Claimed = claimed,
        };

    public static OutgoingMessage Message(long run, string id, MessageKind kind = MessageKind.Signal, string name = "go") => new()
    {
        RunKey = run, Id = id, Kind = kind, Name = kind == MessageKind.Signal ? name : "", Payload = Bytes("payload of " + id),
    };

    public static TaskCompletion Completion(TaskAttempt attempt, string? messageId = null) =>
        new(attempt, Message(attempt.Run, messageId ?? $"task {attempt.Operation}.{attempt.Token}", MessageKind.TaskResult));
}
