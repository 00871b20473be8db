using Npgsql;
using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Reading;

/// <summary>Turns a row of the table of runs, and the first row of its history, into a record.</summary>
internal static class RunRows
{
    /// <summary>The columns that <see cref="Read"/> expects, in order; the run is <c>r</c>, its first event row <c>e</c>.</summary>
    public const string Columns = """
        r.key, r.id, r.workflow, r.version, r.queue, r.priority, r.status::integer, r.phase::integer, r.owner, r.term, r.events, r.inbox, r.due_at, r.crashes, r.losses,
        r.max_crashes, r.created_at, r.updated_at, r.closed_at, r.deadline, r.semantics, r.start_key, r.tags, r.waiting, r.published, r.result, r.failure,
        e.input, e.options, r.data, r.signals, r.start_deadline, r.concurrency_key, r.slot, r.build
        """;

    public static RunRecord Read(NpgsqlDataReader row) => new()
    {
        Key = row.GetInt64(0),
        Id = row.GetString(1),
        Workflow = row.GetString(2),
        Version = row.GetInt32(3),
        Queue = row.GetString(4),
        Priority = row.GetInt32(5),
        Status = (RunStatus)row.GetInt32(6),
        Phase = (RunPhase)row.GetInt32(7),
        // Below 0 it is nobody's: it was put aside.
        Owner = Math.Max(0, row.GetInt64(8)),
        Term = row.GetInt32(9),
        Events = row.GetInt32(10),
        Inbox = row.GetInt64(11),
        DueAt = new(row.GetInt64(12)),
        Crashes = row.GetInt32(13),
        Losses = row.GetInt32(14),
        MaxCrashes = row.GetInt32(15),
        CreatedAt = new(row.GetInt64(16)),
        UpdatedAt = new(row.GetInt64(17)),
        ClosedAt = new(row.GetInt64(18)),
        Deadline = new(row.GetInt64(19)),
        EngineSemantics = row.GetInt32(20),
        StartKey = row.IsDBNull(21) ? null : FreeText.Read(row.GetString(21)),
        Tags = TagText.Read(row.IsDBNull(22) ? default : row.GetFieldValue<byte[]>(22)),
        Waiting = row.GetFieldValue<byte[]>(23),
        Published = row.GetFieldValue<byte[]>(24),
        Result = row.GetFieldValue<byte[]>(25),
        Failure = row.GetFieldValue<byte[]>(26),
        Input = row.IsDBNull(27) ? default : row.GetFieldValue<byte[]>(27),
        Options = row.IsDBNull(28) ? default : row.GetFieldValue<byte[]>(28),
        Data = row.GetFieldValue<byte[]>(29),
        Signals = row.GetInt32(30),
        StartDeadline = row.IsDBNull(31) ? Instant.Never : new(row.GetInt64(31)),
        ConcurrencyKey = row.IsDBNull(32) ? null : FreeText.Read(row.GetString(32)),
        Build = row.IsDBNull(34) ? null : row.GetString(34),
        HoldsSlot = row.GetBoolean(33) && row.GetInt64(8) > 0,
    };
}
