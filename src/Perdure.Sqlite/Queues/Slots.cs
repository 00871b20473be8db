using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Queues;

/// <summary>How many slots of a queue are taken by the runs and tasks that workers hold. Nothing is counted along: the rows of the holders are the slots.</summary>
internal static class Slots
{
    private static readonly Sql CountOfQueue = new("""
        SELECT (SELECT count(*) FROM perdure_run INDEXED BY perdure_run_slot WHERE owner > 0 AND slot = 1 AND queue = ?1)
            + (SELECT count(*) FROM perdure_task INDEXED BY perdure_task_slot WHERE owner > 0 AND slot = 1 AND queue = ?1)
        """);

    private static readonly Sql CountOfKey = new("""
        SELECT (SELECT count(*) FROM perdure_run INDEXED BY perdure_run_slot WHERE owner > 0 AND slot = 1 AND queue = ?1 AND concurrency_key = ?2)
            + (SELECT count(*) FROM perdure_task INDEXED BY perdure_task_slot WHERE owner > 0 AND slot = 1 AND queue = ?1 AND concurrency_key = ?2)
        """);

    /// <summary>The room that a claim finds on a queue.</summary>
    public static QueueRoom RoomOn(Connection db, string queue, QueueRule rule) => new(
        rule, rule.MaxConcurrency == 0 ? 0 : (int)db.Use(CountOfQueue).Bind(1, queue).Scalar(), key => (int)db.Use(CountOfKey).Bind(1, queue).Bind(2, key).Scalar());
}
