using Perdure.Sqlite.Native;
using Perdure.Sqlite.Reading;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Workers;

/// <summary>Finds dead workers, shuts their lanes, and frees what they owned.</summary>
internal sealed class Deaths(Writer writer, ReaderPool readers, WorkerLocks locks, TimeProvider clock)
{
    /// <summary>
    /// Rows of dead workers stay for a day, so that one that was frozen for long can still learn what became of its last group.
    /// </summary>
    private const long KeepMicros = 24L * 60 * 60 * 1_000_000;

    private static readonly Sql Alive = new("SELECT key, id, locked, lease_until FROM perdure_worker WHERE alive = 1");
    private static readonly Sql HasWork = new("SELECT 1 FROM perdure_worker WHERE alive = 0 AND (freed = 0 OR died_at < ?1) LIMIT 1");

    // The lease is judged again under the write lock: the worker may have renewed it since.
    private static readonly Sql MarkLate = new("""
        UPDATE perdure_worker SET alive = 0, died_at = ?2 WHERE key = ?1 AND alive = 1 AND (?3 OR lease_until < ?2)
        """);

    private static readonly Sql ShutLanes = new("UPDATE perdure_lane SET alive = 0 WHERE worker = ?1");
    private static readonly Sql SetFreed = new("UPDATE perdure_worker SET freed = 1 WHERE key = ?1");
    private static readonly Sql SetAllFreed = new("UPDATE perdure_worker SET freed = 1 WHERE alive = 0 AND freed = 0");

    private static readonly Sql FreeRuns = new($"""
        UPDATE perdure_run SET owner = 0, crashes = crashes + (status = 1), losses = losses + (status = 1),
            due_at = CASE WHEN status <> 1 THEN due_at
                WHEN crashes + 1 < {LossBackoff.From} OR crashes + 1 >= max_crashes THEN min(due_at, ?2)
                ELSE ?2 + min({LossBackoff.FirstMicros} << min(crashes + 1 - {LossBackoff.From}, {LossBackoff.MostDoublings}), {LossBackoff.LongestMicros}) END,
            updated_at = ?2
        WHERE key IN (
            SELECT key FROM perdure_run INDEXED BY perdure_run_owned
            WHERE owner > 0 AND owner IN (SELECT key FROM perdure_worker WHERE alive = 0 AND freed = 0) ORDER BY key LIMIT ?1)
        """);

    private static readonly Sql FreeTasks = new($"""
        UPDATE perdure_task SET owner = 0, claim = 0, expired = 0, crashes = crashes + 1,
            due_at = ?2 + CASE WHEN crashes + 1 < {LossBackoff.From} THEN 0
                ELSE min({LossBackoff.FirstMicros} << min(crashes + 1 - {LossBackoff.From}, {LossBackoff.MostDoublings}), {LossBackoff.LongestMicros}) END
        WHERE rowid IN (
            SELECT rowid FROM perdure_task INDEXED BY perdure_task_owned
            WHERE owner > 0 AND owner IN (SELECT key FROM perdure_worker WHERE alive = 0 AND freed = 0) ORDER BY run, op LIMIT ?1)
        """);

    private static readonly Sql DropLanes = new("""
        DELETE FROM perdure_lane WHERE worker IN (SELECT key FROM perdure_worker WHERE alive = 0 AND freed = 1 AND died_at < ?1)
        """);

    private static readonly Sql DropWorkers = new("DELETE FROM perdure_worker WHERE alive = 0 AND freed = 1 AND died_at < ?1 RETURNING id");

    /// <summary>Marks and frees. Takes the write lock only if there is something to do.</summary>
    public FenceReport Fence(int batch)
    {
        var now = Instant.From(clock.GetUtcNow());
        var suspects = FindSuspects(now, out var hasWork);
        if (suspects.Count == 0 && !hasWork) return new(0, 0, 0);

        var marked = 0;
        var unlocked = new List<Guid>();
        var (runs, tasks) = (0, 0);
        using (var write = writer.Begin("fence dead workers"))
        {
            foreach (var suspect in suspects)
            {
                var dead = write.Db.Use(MarkLate).Bind(1, suspect.Worker).Bind(2, write.Now.Micros).Bind(3, suspect.Gone ? 1 : 0).Run();
                if (dead > 0) write.Db.Use(ShutLanes).Bind(1, suspect.Worker).Do();
                marked += dead;
                if (suspect.Gone) unlocked.Add(suspect.Id);
            }
            runs = write.Db.Use(FreeRuns).Bind(1, batch).Bind(2, write.Now.Micros).Run();
            tasks = write.Db.Use(FreeTasks).Bind(1, batch - runs).Bind(2, write.Now.Micros).Run();
            // Nothing passes a dead lane, so what is free stays free: these workers need no look any more.
            if (runs + tasks < batch) write.Db.Use(SetAllFreed).Do();
            write.Db.Use(DropLanes).Bind(1, write.Now.Micros - KeepMicros).Do();
            var dropped = write.Db.Use(DropWorkers).Bind(1, write.Now.Micros - KeepMicros);
            while (dropped.Read()) unlocked.Add(new Guid(dropped.Span(0), bigEndian: true));
            write.Commit();
        }
        foreach (var id in unlocked) locks.Remove(id);
        return new(marked, runs, tasks);
    }

    /// <summary>Marks one worker dead. From here on no write of it passes.</summary>
    public static void Mark(in WriteScope write, long worker)
    {
        write.Db.Use(MarkLate).Bind(1, worker).Bind(2, write.Now.Micros).Bind(3, 1).Do();
        write.Db.Use(ShutLanes).Bind(1, worker).Do();
    }

    /// <summary>Notes that a dead worker owns nothing any more.</summary>
    public static void MarkFreed(in WriteScope write, long worker) => write.Db.Use(SetFreed).Bind(1, worker).Do();

    private List<Suspect> FindSuspects(Instant now, out bool hasWork)
    {
        using var read = readers.Rent("look for dead workers");
        var suspects = new List<Suspect>();
        var rows = read.Db.Use(Alive);
        while (rows.Read())
        {
            var id = new Guid(rows.Span(1), bigEndian: true);
            var gone = rows.Int32(2) != 0 && locks.IsGone(id);
            if (gone || rows.Instant(3) < now) suspects.Add(new(rows.Int64(0), id, gone));
        }
        hasWork = read.Db.Use(HasWork).Bind(1, now.Micros - KeepMicros).Scalar() != 0;
        return suspects;
    }

    /// <summary>A worker that seems dead: its process is gone, or its lease has run out.</summary>
    private readonly record struct Suspect(long Worker, Guid Id, bool Gone);
}
