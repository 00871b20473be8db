namespace Perdure.Sqlite.Schema;

/// <summary>
/// Version 10. Start keys become free: at <c>free_at</c>, which is null while the run exists and nothing else was asked for. What was deleted before counts from the migration on.
/// </summary>
internal static class KeySchema
{
    public const string Script = """
        ALTER TABLE perdure_start_key ADD COLUMN free_at INTEGER;
        UPDATE perdure_start_key SET free_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000000 + 604800000000
        WHERE NOT EXISTS (SELECT 1 FROM perdure_run r WHERE r.key = perdure_start_key.run);
        CREATE INDEX perdure_start_key_free ON perdure_start_key(free_at) WHERE free_at IS NOT NULL;
        """;
}
