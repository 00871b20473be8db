namespace Perdure.Sqlite.Schema;

/// <summary>
/// Version 13. Workers say which queues they serve and name their workflows, as JSON for readers alone; NULL is a worker that does not say. And operators may pause a worker:
/// <c>paused_at</c> is NULL while it takes work, and <c>revision</c> counts the changes.
/// </summary>
internal static class WorkerSchema
{
    public const string Script = """
        ALTER TABLE perdure_worker ADD COLUMN about TEXT;
        ALTER TABLE perdure_worker ADD COLUMN paused_at INTEGER;
        ALTER TABLE perdure_worker ADD COLUMN paused_by TEXT;
        ALTER TABLE perdure_worker ADD COLUMN pause_reason TEXT;
        ALTER TABLE perdure_worker ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
        """;
}
