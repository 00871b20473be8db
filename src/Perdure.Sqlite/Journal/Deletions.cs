using Perdure.Sqlite.Native;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Journal;

/// <summary>Removes closed runs. Start keys stay, so that a late copy of a start creates nothing.</summary>
internal sealed class Deletions(Writer writer)
{
    private static readonly Sql Find = new("SELECT key, status, owner FROM perdure_run WHERE id = ?1");

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
        for (var i = 0; i < verdicts.Length; i++) verdicts[i] = Delete(write.Db, ids[i]);
        write.Commit();
        return verdicts;
    }

    private static DeleteVerdict Delete(Connection db, string id)
    {
        var row = db.Use(Find).Bind(1, id);
        if (!row.Read()) return DeleteVerdict.NotFound;
        var (key, ended) = (row.Int64(0), ((RunStatus)row.Int32(1)).IsTerminal() && row.Int64(2) == 0);
        row.Reset();
        if (!ended) return DeleteVerdict.Live;
        if (Families.AreInUse(db, key)) return DeleteVerdict.InUse;
        Remove(db, key);
        return DeleteVerdict.Deleted;
    }

    /// <summary>Removes a run and all that belongs to it.</summary>
    public static void Remove(Connection db, long run)
    {
        foreach (var part in Parts) db.Use(part).Bind(1, run).Do();
    }
}
