using Perdure.Storage;

namespace Perdure.Stores.Tests.Sqlite;

/// <summary>Records with sensible values, for tests to whom most of them do not matter.</summary>
internal static class Some
{
    public static readonly CancellationToken Never = CancellationToken.None;

    public static Instant Now => Instant.From(DateTimeOffset.UtcNow);

    public static WorkerRegistration Worker(TimeSpan? lease = null) => new(Guid.NewGuid(), "test", Lanes: 1, lease ?? TimeSpan.FromSeconds(30));

    public static RunBirth Birth(long key, string? id = null) => new()
    {
        Key = key, Id = id ?? $"run-{key:D6}", Workflow = "order", Version = 1, Queue = "default", CreatedAt = new(1_000_000 + key), DueAt = Instant.Earliest,
        InputHash = new byte[] { 1, 2, 3 }, Input = "{\"n\":1}"u8.ToArray(), Options = "{}"u8.ToArray(), MaxCrashes = 3, EngineSemantics = 1,
        Events = Batch(0),
    };

    /// <summary>A batch of <paramref name="count"/> events; to a store they are only bytes.</summary>
    public static EventBatch Batch(int first, int count = 1, int length = 200)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, (byte)(first + 1));
        return new(first, count, bytes);
    }

    public static RunBundle Owned(RunBirth birth) => new() { Run = birth.Key, Birth = birth, Owned = true, Term = 1, BaseSequence = birth.Events.Count };

    public static RunBundle Step(long run, int sequence, int length = 200) =>
        new() { Run = run, Term = 1, BaseSequence = sequence, Events = Batch(sequence, length: length) };

    public static RunBundle Close(long run, int sequence, RunStatus status = RunStatus.Completed) => new()
    {
        Run = run, Term = 1, BaseSequence = sequence,
        Close = new() { Status = status, Event = Batch(sequence), Result = "42"u8.ToArray(), At = new(2_000_000) },
    };

    public static RunBundle Suspend(long run, int sequence, Instant due, bool release = true) => new()
    {
        Run = run, Term = 1, BaseSequence = sequence, Events = Batch(sequence), Release = release,
        Row = new() { Status = RunStatus.Suspended, DueAt = due, Waiting = "[]"u8.ToArray() },
    };
}
