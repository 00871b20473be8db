namespace Perdure.Sqlite.Schema;

/// <summary>Version 5. Which runs are children of which; a run that is no child has no row.</summary>
internal static class FamilySchema
{
    public const string Script = """
        CREATE TABLE perdure_child(
            run INTEGER PRIMARY KEY,
            parent INTEGER NOT NULL,
            parent_id TEXT NOT NULL,
            root TEXT NOT NULL
        );
        CREATE INDEX perdure_child_parent ON perdure_child(parent);
        CREATE INDEX perdure_child_parent_id ON perdure_child(parent_id);
        CREATE INDEX perdure_child_root ON perdure_child(root);
        """;
}
