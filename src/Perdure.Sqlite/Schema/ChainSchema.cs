namespace Perdure.Sqlite.Schema;

/// <summary>Version 6. Runs that went on in each other's place, numbered within their chain; a run that stands alone has no row.</summary>
internal static class ChainSchema
{
    public const string Script = """
        CREATE TABLE perdure_chain(
            run INTEGER PRIMARY KEY,
            first INTEGER NOT NULL,
            no INTEGER NOT NULL
        );
        CREATE UNIQUE INDEX perdure_chain_place ON perdure_chain(first, no);
        """;
}
