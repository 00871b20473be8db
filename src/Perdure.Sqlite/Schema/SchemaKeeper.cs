using Perdure.Sqlite.Native;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Schema;

/// <summary>Brings the schema up to date, or says why it cannot be used. Safe with any number of processes that start at once.</summary>
internal sealed class SchemaKeeper(IReadOnlyList<Migration> migrations)
{
    internal const string CreateVersions = """
        CREATE TABLE IF NOT EXISTS perdure_schema_version(version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL)
        """;

    private static readonly Sql HasVersions = new("SELECT count(*) FROM sqlite_master WHERE name = 'perdure_schema_version'");
    private static readonly Sql GetVersion = new("SELECT coalesce(max(version), 0) FROM perdure_schema_version");
    private static readonly Sql AddVersion = new("INSERT INTO perdure_schema_version(version, name, applied_at) VALUES(?1, ?2, ?3)");

    /// <summary>The version of this build.</summary>
    public int Newest => migrations[^1].Version;

    /// <summary>Checks the version and, with <paramref name="migrate"/>, applies the missing steps, one transaction each.</summary>
    public void Bring(Writer writer, bool migrate)
    {
        while (true)
        {
            int version;
            using (var look = writer.Begin("read the schema version")) version = Version(look.Db);
            if (version == Newest) return;
            Refuse(version, migrate, writer.Path);
            Apply(writer, version);
        }
    }

    /// <summary>
    /// Applies the step behind <paramref name="version"/>, unless another process was faster. A database that is only being made gets all steps at once: there is nothing in it to wait for, and
    /// each transaction costs time at the first start.
    /// </summary>
    private void Apply(Writer writer, int version)
    {
        using var write = writer.Begin("migrate the schema");
        if (Version(write.Db) != version) return;
        write.Db.Execute(CreateVersions);
        foreach (var migration in migrations.Where(migration => migration.Version > version).OrderBy(static migration => migration.Version))
        {
            write.Db.Execute(migration.Script);
            write.Db.Use(AddVersion).Bind(1, migration.Version).Bind(2, migration.Name).Bind(3, write.Now.Micros).Do();
            if (version > 0) break;
        }
        write.Commit();
    }

    private void Refuse(int version, bool migrate, string path)
    {
        if (version > Newest)
            throw new StoreException(StoreFault.Schema,
                $"{path} has schema version {version}, but this build knows versions up to {Newest}: a newer build has migrated it. " +
                "Update the Perdure.Sqlite package of this process.");
        if (!migrate)
            throw new StoreException(StoreFault.Schema,
                (version == 0 ? $"{path} holds no Perdure schema" : $"{path} has schema version {version}") +
                $", but this build needs version {Newest} and was told not to migrate. Initialize the store once with migrate = true.");
    }

    private static int Version(Connection db) => db.Use(HasVersions).Scalar() == 0 ? 0 : (int)db.Use(GetVersion).Scalar();
}
