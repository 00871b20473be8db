using Perdure.Sqlite.Native;
using Perdure.Sqlite.Workers;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Schema;

/// <summary>
/// Brings the schema up to date, or says why it cannot be used. Safe with any number of processes that start at once. A newer build may migrate while this one works: it goes on if the steps
/// let it.
/// </summary>
internal sealed class SchemaKeeper(IReadOnlyList<Migration> migrations)
{
    internal const string CreateVersions = """
        CREATE TABLE IF NOT EXISTS perdure_schema_version(version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL)
        """;

    private static readonly Sql HasVersions = new("SELECT count(*) FROM sqlite_master WHERE name = 'perdure_schema_version'");
    private static readonly Sql GetVersion = new("SELECT coalesce(max(version), 0) FROM perdure_schema_version");
    private static readonly Sql GetOldest = new("SELECT coalesce(max(coalesce(oldest, version)), 0) FROM perdure_schema_version WHERE version > ?1");
    private static readonly Sql SetOldest = new("UPDATE perdure_schema_version SET oldest = ?2 WHERE version = ?1");
    private static readonly Sql AddVersion = new("INSERT INTO perdure_schema_version(version, name, applied_at) VALUES(?1, ?2, ?3)");

    /// <summary>The version of this build.</summary>
    public int Newest => migrations[^1].Version;

    /// <summary>The oldest build that may work on a database; from when on that can be known.</summary>
    private bool KnowsOldest => Newest >= CompatibilitySchema.Version;

    /// <summary>Checks the version and, with <paramref name="migrate"/>, applies the missing steps, one transaction each.</summary>
    /// <returns>The version of the database: newer than <see cref="Newest"/> if it lets this build work on it.</returns>
    public int Bring(Writer writer, bool migrate)
    {
        while (true)
        {
            int version;
            using (var look = writer.Begin("read the schema version"))
            {
                version = Version(look.Db);
                if (version >= Newest)
                {
                    Check(look.Db, writer.Path);
                    return version;
                }
            }
            if (!migrate) throw Missing(version, writer.Path);
            Apply(writer, version);
        }
    }

    /// <summary>Refuses to work on if a newer build has migrated the schema since, and does not let this one go on.</summary>
    /// <exception cref="StoreException">It does not.</exception>
    public void Check(Connection db, string path)
    {
        var oldest = KnowsOldest ? (int)db.Use(GetOldest).Bind(1, Newest).Scalar() : Version(db);
        if (oldest <= Newest) return;
        throw new StoreException(StoreFault.Schema,
            $"{path} has schema version {Version(db)}, which builds may work on that know version {oldest}, but this build knows versions up to {Newest}: a newer build has migrated it. " +
            "Update the Perdure.Sqlite package of this process.");
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
            if (migration.SaysOldest) write.Db.Use(SetOldest).Bind(1, migration.Version).Bind(2, migration.Oldest).Do();
            // Somebody who works at this moment may be too old from here on: whoever is not registers anew.
            if (version > 0 && migration.Oldest > version) Registrations.ShutOut(write);
            if (version > 0) break;
        }
        write.Commit();
    }

    private StoreException Missing(int version, string path) => new(StoreFault.Schema,
        (version == 0 ? $"{path} holds no Perdure schema" : $"{path} has schema version {version}") +
        $", but this build needs version {Newest} and was told not to migrate. Run perdure db migrate --db {path}, or switch AutoMigrate on.");

    private static int Version(Connection db) => db.Use(HasVersions).Scalar() == 0 ? 0 : (int)db.Use(GetVersion).Scalar();
}
