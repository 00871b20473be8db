using Perdure.Sqlite.Native;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Journal;

/// <summary>Runs that went on in each other's place.</summary>
internal static class Chains
{
    private static readonly Sql SelectLast = new("""
        SELECT l.run FROM perdure_chain m JOIN perdure_chain l ON l.first = m.first WHERE m.run = ?1 ORDER BY l.no DESC LIMIT 1
        """);

    // What a run was to others, its successor is from now on: behind its start key, for its parent and for its children.
    private static readonly Sql[] Succession =
    [
        new("INSERT INTO perdure_chain(run, first, no) VALUES(?1, ?1, 0 * ?2) ON CONFLICT DO NOTHING"),
        new("INSERT INTO perdure_chain(run, first, no) SELECT ?2, first, no + 1 FROM perdure_chain WHERE run = ?1"),
        new("""
            UPDATE perdure_run SET start_key = (SELECT k.key FROM perdure_start_key k JOIN perdure_run r ON r.start_key = k.key WHERE r.key = ?1 AND k.run = ?1)
            WHERE key = ?2
            """),
        new("""
            UPDATE perdure_start_key SET run = ?2, run_id = (SELECT id FROM perdure_run WHERE key = ?2)
            WHERE key = (SELECT start_key FROM perdure_run WHERE key = ?1) AND run = ?1
            """),
        new("INSERT INTO perdure_child(run, parent, parent_id, root) SELECT ?2, parent, parent_id, root FROM perdure_child WHERE run = ?1"),
        new("UPDATE perdure_child SET parent = ?2 WHERE parent = ?1"),
    ];

    /// <summary>The run that stands for a run now: itself, unless another went on in its place.</summary>
    public static long Last(Connection db, long run) => db.Use(SelectLast).Bind(1, run).Scalar(otherwise: run);

    /// <summary>Creates the run that goes on in another's place.</summary>
    public static void Succeed(in WriteScope write, long run, RunBirth successor)
    {
        Births.Give(write.Db, successor, owner: 0, successor.Events, write.Now, out _);
        foreach (var part in Succession) write.Db.Use(part).Bind(1, run).Bind(2, successor.Key).Do();
    }
}
