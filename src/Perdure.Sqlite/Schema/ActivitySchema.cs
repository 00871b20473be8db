namespace Perdure.Sqlite.Schema;

/// <summary>
/// Version 2. Workers say which activities they have code for, as a JSON array; a claim of tasks passes over those of others by the index alone.
/// </summary>
internal static class ActivitySchema
{
    public const string Script = """
        ALTER TABLE perdure_worker ADD COLUMN activities TEXT;
        DROP INDEX perdure_task_due;
        CREATE INDEX perdure_task_due ON perdure_task(queue, priority DESC, due_at, activity) WHERE owner = 0;
        """;
}
