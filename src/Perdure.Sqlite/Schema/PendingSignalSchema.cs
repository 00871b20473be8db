namespace Perdure.Sqlite.Schema;

/// <summary>Version 4. A run counts its signals that nobody has taken, so that there is a limit to them.</summary>
internal static class PendingSignalSchema
{
    public const string Script = "ALTER TABLE perdure_run ADD COLUMN signals INTEGER NOT NULL DEFAULT 0;";
}
