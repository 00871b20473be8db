namespace Perdure.Sqlite.Schema;

/// <summary>Version 3. Runs have data that their code writes and anyone reads.</summary>
internal static class DataSchema
{
    public const string Script = "ALTER TABLE perdure_run ADD COLUMN data BLOB;";
}
