using Perdure.Sqlite.Native;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Journal;

/// <summary>Removes closed runs. Start keys are remembered for some time, so that a late copy of a start creates nothing.</summary>
internal sealed class Deletions(Writer writer)
{
    private static readonly Sql Find = new("SELECT key, status, owner FROM perdure_run WHERE id = ?1");

    private static readonly Sql EndKey = new("""
        UPDATE perdure_start_key SET free_at = ?2 WHERE key = (SELECT start_key FROM perdure_run WHERE key = ?1) AND run = ?1 AND free_at IS NULL
        """);

    private static readonly Sql ForgetKeys = new("""
        DELETE FROM perdure_start_key WHERE key IN (SELECT key FROM perdure_start_key WHERE free_at <= ?1 ORDER BY free_at LIMIT ?2)
        """);

    private static readonly Sql[] Parts =
    [
        new("DELETE FROM perdure_event WHERE run = ?1"),
        new("DELETE FROM perdure_message WHERE run = ?1"),
        new("DELETE FROM perdure_task WHERE run = ?1"),
        new("DELETE FROM perdure_tag WHERE run = ?1"),
        new("DELETE FROM perdure_child WHERE run = ?1"),
        new("DELETE FROM perdure_chain WHERE run = ?1"),
        new("DELETE FROM perdure_request WHERE run = ?1"),
        new("DELETE FROM perdure_run WHERE key = ?1"),
    ];

    public IReadOnlyList<DeleteVerdict> Delete(IReadOnlyList<string> ids)
    {
        using var write = writer.Begin("delete runs");
        var verdicts = new DeleteVerdict[ids.Count];
        for (var i = 0; i < verdicts.Length; i++) verdicts[i] = Delete(write, ids[i]);
        write.Commit();
        return verdicts;
    }

    /// <summary>Forgets start keys whose time was over some time ago.</summary>
    public int ForgetOldKeys(int limit)
    {
        using var write = writer.Begin("forget start keys");
        var forgotten = write.Db.Use(ForgetKeys).Bind(1, write.Now.Add(-StartKeys.Grace).Micros).Bind(2, limit).Run();
        write.Commit();
        return forgotten;
    }

    private static DeleteVerdict Delete(in WriteScope write, string id)
    {
        var db = write.Db;
        var row = db.Use(Find).Bind(1, id);
        if (!row.Read()) return DeleteVerdict.NotFound;
        var (key, ended) = (row.Int64(0), ((RunStatus)row.Int32(1)).IsTerminal() && row.Int64(2) == 0);
        row.Reset();
        if (!ended) return DeleteVerdict.Live;
        if (Families.AreInUse(db, key)) return DeleteVerdict.InUse;
        Remove(db, key, write.Now);
        return DeleteVerdict.Deleted;
    }

    /// <summary>Removes a run and all that belongs to it.</summary>
    public static void Remove(Connection db, long run, Instant now)
    {
        db.Use(EndKey).Bind(1, run).Bind(2, now.Add(StartKeys.AfterRun).Micros).Do();
        foreach (var part in Parts) db.Use(part).Bind(1, run).Do();
    }
}
