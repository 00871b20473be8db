using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Reading;

/// <summary>Turns a row of the table of runs into a record.</summary>
internal static class RunRows
{
    /// <summary>The columns that <see cref="Read"/> expects, in order.</summary>
    public const string Columns = """
        key, id, workflow, version, queue, priority, status, phase, owner, term, events, inbox, due_at, crashes, losses, max_crashes,
        created_at, updated_at, closed_at, deadline, semantics, start_key, tags, waiting, published, result, failure, data, signals,
        start_deadline, concurrency_key, slot, build
        """;

    /// <summary>The record; <paramref name="input"/> and <paramref name="options"/> come from the run's first event row.</summary>
    public static RunRecord Read(Statement row, ReadOnlyMemory<byte> input = default, ReadOnlyMemory<byte> options = default) => new()
    {
        Key = row.Int64(0),
        Id = row.Text(1),
        Workflow = row.Text(2),
        Version = row.Int32(3),
        Queue = row.Text(4),
        Priority = row.Int32(5),
        Status = (RunStatus)row.Int32(6),
        Phase = (RunPhase)row.Int32(7),
        // Below 0 it is nobody's: it was put aside.
        Owner = Math.Max(0, row.Int64(8)),
        Term = row.Int32(9),
        Events = row.Int32(10),
        Inbox = row.Int64(11),
        DueAt = row.Instant(12),
        Crashes = row.Int32(13),
        Losses = row.Int32(14),
        MaxCrashes = row.Int32(15),
        CreatedAt = row.Instant(16),
        UpdatedAt = row.Instant(17),
        ClosedAt = row.InstantOrNever(18),
        Deadline = row.InstantOrNever(19),
        EngineSemantics = row.Int32(20),
        StartKey = row.TextOrNull(21),
        Tags = TagText.Read(row.Span(22)),
        Waiting = row.Bytes(23),
        Published = row.Bytes(24),
        Result = row.Bytes(25),
        Failure = row.Bytes(26),
        Data = row.Bytes(27),
        Signals = row.Int32(28),
        StartDeadline = row.InstantOrNever(29),
        ConcurrencyKey = row.TextOrNull(30),
        HoldsSlot = row.Int32(31) == 1 && row.Int64(8) > 0,
        Build = row.TextOrNull(32),
        Input = input,
        Options = options,
    };
}
