using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Journal;

/// <summary>The histories of all runs, appended in commit order.</summary>
internal static class EventLog
{
    private static readonly Sql Insert = new("INSERT INTO perdure_event(run, seq, count, bytes) VALUES(?1, ?2, ?3, ?4)");

    private static readonly Sql InsertFirst = new("""
        INSERT INTO perdure_event(run, seq, count, bytes, input, options, input_hash) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)
        """);

    private static readonly Sql Last = new("SELECT seq + count FROM perdure_event WHERE run = ?1 ORDER BY seq DESC LIMIT 1");

    private static readonly Sql Select = new("""
        SELECT seq, count, bytes, input, options FROM perdure_event
        WHERE run = ?1 AND seq >= coalesce((SELECT max(seq) FROM perdure_event WHERE run = ?1 AND seq <= ?2), 0) ORDER BY seq
        """);

    /// <summary>Appends a batch; false when its place is taken.</summary>
    public static bool TryAppend(Connection db, long run, in EventBatch batch) =>
        db.Use(Insert).Bind(1, run).Bind(2, batch.FirstSequence).Bind(3, batch.Count).Bind(4, batch.Bytes).TryInsert();

    /// <summary>Writes the first row of a run, which also keeps what the run was started with.</summary>
    public static void Begin(Connection db, RunBirth birth, in EventBatch batch)
    {
        var inserted = db.Use(InsertFirst).Bind(1, birth.Key).Bind(2, batch.FirstSequence).Bind(3, batch.Count).Bind(4, batch.Bytes)
            .Bind(5, birth.Input).Bind(6, birth.Options).Bind(7, birth.InputHash).TryInsert();
        if (!inserted) throw KeyTaken(birth);
    }

    /// <summary>How many events a run has.</summary>
    public static int End(Connection db, long run) => (int)db.Use(Last).Bind(1, run).Scalar();

    /// <summary>
    /// Reads a history from the batch that holds <paramref name="fromSequence"/> on, and the run's input and options with its first batch.
    /// </summary>
    public static List<EventBatch> Read(
        Connection db, long run, int fromSequence, out ReadOnlyMemory<byte> input, out ReadOnlyMemory<byte> options)
    {
        var batches = new List<EventBatch>();
        (input, options) = (default, default);
        var rows = db.Use(Select).Bind(1, run).Bind(2, fromSequence);
        while (rows.Read())
        {
            var batch = new EventBatch(rows.Int32(0), rows.Int32(1), rows.Bytes(2));
            if (batch.FirstSequence == 0) (input, options) = (rows.Bytes(3), rows.Bytes(4));
            if (batch.End > fromSequence) batches.Add(batch);
        }
        return batches;
    }

    public static StoreException KeyTaken(RunBirth birth) => new(StoreFault.Data,
        $"Run key {birth.Key} of run \"{birth.Id}\" belongs to another run. Keys must come from a block that this process reserved.");
}
