using Perdure.Sqlite.Native;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Queues;

/// <summary>Changes what holds a queue back.</summary>
internal sealed class QueueChanges(Writer writer)
{
    private static readonly Sql Put = new("""
        INSERT INTO perdure_queue(name, paused, max_concurrency, max_per_key, age_after) VALUES(?1, ?2, ?3, ?4, ?5)
        ON CONFLICT(name) DO UPDATE SET paused = ?2, max_concurrency = ?3, max_per_key = ?4, age_after = ?5
        """);

    private static readonly Sql Revision = new("SELECT coalesce((SELECT value FROM perdure_counter WHERE name = 'queues'), 0)");

    private static readonly Sql Count = new("INSERT INTO perdure_counter(name, value) VALUES('queues', ?1) ON CONFLICT(name) DO UPDATE SET value = ?1");

    private static readonly Sql Remove = new("DELETE FROM perdure_queue WHERE name = ?1");

    // What is held from here on counts, whoever took it when nothing was counted. A run that is taken only to be ended is still pending.
    private static readonly Sql CountRuns = new("UPDATE perdure_run SET slot = 1 WHERE owner > 0 AND queue = ?1 AND status <> 0");
    private static readonly Sql CountTasks = new("UPDATE perdure_task SET slot = 1 WHERE owner > 0 AND queue = ?1 AND expired = 0");

    public QueueRecord Change(QueueChange change)
    {
        using var write = writer.Begin("change a queue");
        var before = QueueRules.Read(write.Db)?.Find(change.Queue) ?? QueueRule.None;
        var revision = write.Db.Use(Revision).Scalar();
        var isMade = change.After is not { } seen || seen == revision;
        var load = QueueLists.Loads(write.Db, change.Queue, write.Now).GetValueOrDefault(change.Queue, QueueLoad.None);
        if (!isMade) return new(change.Queue, before, load) { Revision = revision };
        write.Db.Use(Count).Bind(1, ++revision).Do();
        var after = before.After(change);
        if (after == QueueRule.None) write.Db.Use(Remove).Bind(1, change.Queue).Do();
        else
        {
            write.Db.Use(Put).Bind(1, change.Queue).Bind(2, after.Paused ? 1 : 0).Bind(3, after.MaxConcurrency).Bind(4, after.MaxPerKey)
                .Bind(5, (long)after.AgeAfter.TotalMicroseconds).Do();
        }
        if (after.IsLimited && !before.IsLimited)
        {
            write.Db.Use(CountRuns).Bind(1, change.Queue).Do();
            write.Db.Use(CountTasks).Bind(1, change.Queue).Do();
        }
        write.Commit();
        return new(change.Queue, after, load) { Revision = revision };
    }
}
