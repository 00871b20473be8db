using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Journal;

/// <summary>Whose an id or a start key is, and what a start that finds it taken is told.</summary>
internal static class Holders
{
    private static readonly Sql FindById = new("SELECT key, status, workflow FROM perdure_run WHERE id = ?1");
    private static readonly Sql FindByKey = new("SELECT id, status FROM perdure_run WHERE key = ?1");
    private static readonly Sql FindInputHash = new("SELECT input_hash FROM perdure_event WHERE run = ?1 ORDER BY seq LIMIT 1");
    private static readonly Sql FindStartKey = new("SELECT run, run_id, workflow, input_hash, free_at FROM perdure_start_key WHERE key = ?1");

    /// <summary>The run that stands in the way of a birth, be it the birth's own; null when there is none.</summary>
    public static BirthOutcome? Find(Connection db, RunBirth birth, Instant now)
    {
        var sameId = FindRun(db, birth);
        if (sameId is { } own && (own.Key == birth.Key || !birth.ChosenId)) return new(BirthVerdict.Created, own.Key, birth.Id, own.Status);

        var held = FindKey(db, birth);
        if (held is { } deleted && deleted.Run == birth.Key) return new(BirthVerdict.Created, deleted.Run, deleted.RunId, null);

        CheckKey(db, birth);
        if (held is { } former && former.FreeAt > now && Judge(birth, former.Equal, former.Status) is { } keyed)
            return new(keyed, former.Run, former.RunId, former.Status);
        // An id is unique for ever: unlike a key it cannot move on to a new run, so a failed run that holds it is answered as well.
        if (sameId is { } other && Judge(birth, other.Equal, status: null) is { } chosen)
            return new(chosen, other.Key, birth.Id, other.Status);
        return null;
    }

    private static BirthVerdict? Judge(RunBirth birth, bool equal, RunStatus? status) => (equal, birth.OnConflict) switch
    {
        (false, _) => BirthVerdict.KeyConflict,
        (_, ConflictPolicy.Fail) => BirthVerdict.AlreadyExists,
        (_, ConflictPolicy.RestartIfFailed) when status > RunStatus.Completed => null,
        _ => BirthVerdict.Existing,
    };

    private static (long Key, RunStatus Status, bool Equal)? FindRun(Connection db, RunBirth birth)
    {
        var row = db.Use(FindById).Bind(1, birth.Id);
        if (!row.Read()) return null;
        var (key, status, equal) = (row.Int64(0), (RunStatus)row.Int32(1), row.Text(2) == birth.Workflow);
        row.Reset();
        var first = db.Use(FindInputHash).Bind(1, key);
        equal &= first.Read() && first.Span(0).SequenceEqual(birth.InputHash.Span);
        first.Reset();
        return (key, status, equal);
    }

    private static (long Run, string RunId, RunStatus? Status, bool Equal, Instant FreeAt)? FindKey(Connection db, RunBirth birth)
    {
        if (birth.StartKey is null) return null;
        var row = db.Use(FindStartKey).Bind(1, birth.StartKey);
        if (!row.Read()) return null;
        var (run, id) = (row.Int64(0), row.Text(1));
        var equal = row.Text(2) == birth.Workflow && row.Span(3).SequenceEqual(birth.InputHash.Span);
        var freeAt = row.IsNull(4) ? Instant.Never : row.Instant(4);
        row.Reset();
        var former = db.Use(FindByKey).Bind(1, run);
        RunStatus? status = former.Read() ? (RunStatus)former.Int32(1) : null;
        former.Reset();
        return (run, id, status, equal, freeAt);
    }

    /// <summary>A key that belongs to another run can never be used, whoever holds the rest.</summary>
    private static void CheckKey(Connection db, RunBirth birth)
    {
        var row = db.Use(FindByKey).Bind(1, birth.Key);
        var taken = row.Read() && row.Text(0) != birth.Id;
        row.Reset();
        if (taken) throw EventLog.KeyTaken(birth);
    }
}
