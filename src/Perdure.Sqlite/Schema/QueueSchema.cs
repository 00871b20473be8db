namespace Perdure.Sqlite.Schema;

/// <summary>
/// Version 8. Queues have rules that hold their work back. What is held under a limit has <c>slot = 1</c>; the indexes over slots and over starts that expire hold such rows only.
/// </summary>
internal static class QueueSchema
{
    public const string Script = """
        CREATE TABLE perdure_queue(
            name TEXT NOT NULL PRIMARY KEY,
            paused INTEGER NOT NULL,
            max_concurrency INTEGER NOT NULL,
            max_per_key INTEGER NOT NULL,
            age_after INTEGER NOT NULL
        ) WITHOUT ROWID;

        ALTER TABLE perdure_run ADD COLUMN slot INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE perdure_run ADD COLUMN concurrency_key TEXT;
        ALTER TABLE perdure_run ADD COLUMN start_deadline INTEGER;
        CREATE INDEX perdure_run_slot ON perdure_run(queue, concurrency_key) WHERE owner > 0 AND slot = 1;
        CREATE INDEX perdure_run_expiry ON perdure_run(start_deadline) WHERE owner = 0 AND status = 0 AND start_deadline IS NOT NULL;

        ALTER TABLE perdure_task ADD COLUMN slot INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE perdure_task ADD COLUMN concurrency_key TEXT;
        CREATE INDEX perdure_task_slot ON perdure_task(queue, concurrency_key) WHERE owner > 0 AND slot = 1;
        """;
}
