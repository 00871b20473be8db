using Perdure.Sqlite.Native;
using Perdure.Sqlite.Reading;

namespace Perdure.Sqlite.Journal;

/// <summary>Creates runs, and finds out whose a start key or a chosen id is.</summary>
internal static class Births
{
    private static readonly Sql InsertRun = new("""
        INSERT INTO perdure_run(key, id, workflow, version, queue, priority, status, phase, owner, term, claim, events, inbox, due_at,
            crashes, losses, max_crashes, created_at, updated_at, closed_at, deadline, semantics, start_key, input_hash, tags)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?9, 0, ?10, 0, ?11, 0, 0, ?12, ?13, ?14, NULL, ?15, ?16, ?17, ?18, ?19)
        """);

    private static readonly Sql InsertTag = new("INSERT INTO perdure_tag(name, value, run) VALUES(?1, ?2, ?3)");
    private static readonly Sql FindById = new("SELECT key, status, workflow, input_hash FROM perdure_run WHERE id = ?1");
    private static readonly Sql FindStatus = new("SELECT status FROM perdure_run WHERE key = ?1");
    private static readonly Sql FindKey = new("SELECT run, run_id, workflow, input_hash FROM perdure_start_key WHERE key = ?1");

    private static readonly Sql HoldKey = new("""
        INSERT INTO perdure_start_key(key, run, run_id, workflow, input_hash) VALUES(?1, ?2, ?3, ?4, ?5)
        ON CONFLICT(key) DO UPDATE SET run = excluded.run, run_id = excluded.run_id
        """);

    /// <summary>
    /// Creates a run for <paramref name="owner"/> (0 for nobody), or answers who holds its key or id. <paramref name="events"/> begins with the birth's own;
    /// <paramref name="isNew"/> says whether this call created it.
    /// </summary>
    public static BirthOutcome Give(Connection db, RunBirth birth, long owner, in EventBatch events, Instant now, out bool isNew)
    {
        isNew = false;
        if (birth.StartKey is not null || birth.ChosenId)
        {
            if (FindHolder(db, birth) is { } holder) return holder;
        }
        if (!Insert(db, birth, owner, events, now))
        {
            // An id that the engine made is taken only by the same start, sent twice.
            return FindRun(db, birth) ?? throw EventLog.KeyTaken(birth);
        }
        isNew = true;
        EventLog.Begin(db, birth, events);
        if (birth.StartKey is { } startKey)
            db.Use(HoldKey).Bind(1, startKey).Bind(2, birth.Key).Bind(3, birth.Id).Bind(4, birth.Workflow).Bind(5, birth.InputHash).Do();
        if (birth.Tags is { Count: > 0 } tags)
        {
            foreach (var (name, value) in tags) db.Use(InsertTag).Bind(1, name).Bind(2, value).Bind(3, birth.Key).Do();
        }
        return new(BirthVerdict.Created, birth.Key, birth.Id, owner == 0 ? RunStatus.Pending : RunStatus.Running);
    }

    /// <summary>What <see cref="Give"/> answered when it was committed.</summary>
    public static BirthOutcome Recall(Connection db, RunBirth birth)
    {
        if (birth.StartKey is not null || birth.ChosenId)
        {
            if (FindHolder(db, birth) is { } holder) return holder;
        }
        return FindRun(db, birth) ?? new(BirthVerdict.Created, birth.Key, birth.Id, null);
    }

    private static bool Insert(Connection db, RunBirth birth, long owner, in EventBatch events, Instant now) => db.Use(InsertRun)
        .Bind(1, birth.Key).Bind(2, birth.Id).Bind(3, birth.Workflow).Bind(4, birth.Version).Bind(5, birth.Queue).Bind(6, birth.Priority)
        .Bind(7, (int)(owner == 0 ? RunStatus.Pending : RunStatus.Running)).Bind(8, owner).Bind(9, owner == 0 ? 0 : 1).Bind(10, events.Count)
        .Bind(11, birth.DueAt.Micros).Bind(12, birth.MaxCrashes).Bind(13, birth.CreatedAt.Micros).Bind(14, now.Micros)
        .BindUnlessNever(15, birth.Deadline).Bind(16, birth.EngineSemantics).Bind(17, birth.StartKey)
        .Bind(18, birth.ChosenId ? birth.InputHash : default).Bind(19, TagText.Write(birth.Tags))
        .TryInsert();

    private static BirthOutcome? FindRun(Connection db, RunBirth birth)
    {
        var row = db.Use(FindById).Bind(1, birth.Id);
        if (!row.Read()) return null;
        var outcome = new BirthOutcome(BirthVerdict.Created, row.Int64(0), birth.Id, (RunStatus)row.Int32(1));
        row.Reset();
        return outcome;
    }

    /// <summary>Whoever holds the start key or the chosen id; null when both are free to take.</summary>
    private static BirthOutcome? FindHolder(Connection db, RunBirth birth)
    {
        if (birth.StartKey is { } startKey)
        {
            var row = db.Use(FindKey).Bind(1, startKey);
            if (row.Read())
            {
                var key = row.Int64(0);
                var id = row.Text(1);
                var equal = row.Text(2) == birth.Workflow && row.Span(3).SequenceEqual(birth.InputHash.Span);
                row.Reset();
                var stored = db.Use(FindStatus).Bind(1, key).Scalar(otherwise: -1);
                RunStatus? status = stored < 0 ? null : (RunStatus)stored;
                if (id == birth.Id && key == birth.Key) return new(BirthVerdict.Created, key, id, status);
                if (Judge(birth, equal, status) is { } verdict) return new(verdict, key, id, status);
            }
        }
        if (birth.ChosenId)
        {
            var row = db.Use(FindById).Bind(1, birth.Id);
            if (row.Read())
            {
                var key = row.Int64(0);
                var status = (RunStatus)row.Int32(1);
                var equal = row.Text(2) == birth.Workflow && row.Span(3).SequenceEqual(birth.InputHash.Span);
                row.Reset();
                if (key == birth.Key) return new(BirthVerdict.Created, key, birth.Id, status);
                if (Judge(birth, equal, status) is { } verdict) return new(verdict, key, birth.Id, status);
            }
        }
        return null;
    }

    private static BirthVerdict? Judge(RunBirth birth, bool equal, RunStatus? status) => (equal, birth.OnConflict) switch
    {
        (false, _) => BirthVerdict.KeyConflict,
        (_, ConflictPolicy.Fail) => BirthVerdict.AlreadyExists,
        (_, ConflictPolicy.RestartIfFailed) when status > RunStatus.Completed => null,
        _ => BirthVerdict.Existing,
    };
}
