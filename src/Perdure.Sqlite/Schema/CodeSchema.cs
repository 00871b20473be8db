namespace Perdure.Sqlite.Schema;

/// <summary>
/// Version 9. Workers say which workflows they have code for, as a JSON array of rising numbers; NULL is all. A run that was put aside for those who have its code has an owner
/// below 0: the negative of that code's number. Rows of dead workers stay for a day; the index holds the living.
/// </summary>
internal static class CodeSchema
{
    public const string Script = """
        ALTER TABLE perdure_worker ADD COLUMN codes TEXT;
        CREATE INDEX perdure_worker_alive ON perdure_worker(key) WHERE alive = 1;
        CREATE INDEX perdure_run_aside ON perdure_run(owner, queue, priority DESC, due_at) WHERE owner < 0 AND status < 10;
        DROP INDEX perdure_run_expiry;
        CREATE INDEX perdure_run_expiry ON perdure_run(start_deadline) WHERE owner <= 0 AND status = 0 AND start_deadline IS NOT NULL;
        """;
}
