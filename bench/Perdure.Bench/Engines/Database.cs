using SQLitePCL;

namespace Perdure.Bench.Engines;

/// <summary>Looks into a database from outside the engine.</summary>
internal static class Database
{
    /// <summary>Runs that have not ended.</summary>
    public static long CountLive(Place place) => Count(place, "run", "status < 10");

    /// <summary>Runs that a worker holds.</summary>
    public static long CountOwned(Place place) => Count(place, "run", "owner > 0");

    /// <summary>Workers that nobody has declared dead.</summary>
    public static long CountWorkers(Place place) => Count(place, "worker", place.Backend == Backend.Postgres ? "alive" : "alive = 1");

    /// <summary>All runs.</summary>
    public static long CountRuns(Place place) => Count(place, "run", "true");

    /// <summary>How large the tables are with their indexes; of a file, the file.</summary>
    public static long CountBytes(Place place) => place.Backend == Backend.Postgres ? PostgresHost.Sizes(place.Address).Sum(static table => table.Bytes) : new FileInfo(place.Address).Length;

    private static long Count(Place place, string table, string which) => place.Backend == Backend.Postgres
        ? PostgresHost.Query(place.Address, $"SELECT count(*) FROM perdure.{table} WHERE {which}")
        : Count(place.Address, $"SELECT count(*) FROM perdure_{table} WHERE {which}");

    private static long Count(string path, string query)
    {
        Batteries_V2.Init();
        Check(raw.sqlite3_open_v2(path, out var db, raw.SQLITE_OPEN_READWRITE, null), raw.SQLITE_OK, db);
        using (db)
        {
            raw.sqlite3_busy_timeout(db, 10_000);
            Check(raw.sqlite3_exec(db, "PRAGMA wal_autocheckpoint=0; PRAGMA query_only=ON"), raw.SQLITE_OK, db);
            Check(raw.sqlite3_prepare_v2(db, query, out var statement), raw.SQLITE_OK, db);
            using (statement)
            {
                Check(raw.sqlite3_step(statement), raw.SQLITE_ROW, db);
                return raw.sqlite3_column_int64(statement, 0);
            }
        }
    }

    private static void Check(int code, int expected, sqlite3 db)
    {
        if (code != expected) throw new InvalidOperationException("SQLite: " + raw.sqlite3_errmsg(db).utf8_to_string());
    }
}
