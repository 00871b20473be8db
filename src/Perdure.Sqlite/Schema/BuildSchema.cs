namespace Perdure.Sqlite.Schema;

/// <summary>Version 12. Runs may be pinned to a build. A process of a version before does not know of it, and may drive them if nobody else is there.</summary>
internal static class BuildSchema
{
    public const string Script = "ALTER TABLE perdure_run ADD COLUMN build TEXT;";
}
