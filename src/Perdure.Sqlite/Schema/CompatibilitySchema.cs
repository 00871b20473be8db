namespace Perdure.Sqlite.Schema;

/// <summary>Version 11. Each step says which builds may go on behind it; what was there before lets none.</summary>
internal static class CompatibilitySchema
{
    public const int Version = 11;

    public const string Script = "ALTER TABLE perdure_schema_version ADD COLUMN oldest INTEGER;";
}
